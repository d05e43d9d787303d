/** A message that says which one it is, wherever it goes. */
export function bodyOf(index: number): string {
  return JSON.stringify({ type: 'text', to: '+15550000000', text: `m-${index}-` });
}

const markPattern = /m-\d+-/;

/** Which message a body, or a request for it, is of. */
export function markOf(text: string): string {
  const mark = markPattern.exec(text)?.[0];
  if (mark === undefined) throw new Error('This is of no message that was queued.');
  return mark;
}
