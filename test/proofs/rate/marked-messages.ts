/** A message that says which one it is, wherever it goes. `expiresAt` is in epoch milliseconds. */
export function bodyOf(index: number, expiresAt?: number): string {
  const message = { type: 'text', to: '+15550000000', text: `m-${index}-` };
  return JSON.stringify(
    expiresAt === undefined ? message : { ...message, expiresAt: new Date(expiresAt).toISOString() },
  );
}

const markPattern = /m-\d+-/;

/** Which message a body, or a request for it, is of. */
export function markOf(text: string): string {
  const mark = markPattern.exec(text)?.[0];
  if (mark === undefined) throw new Error('This is of no message that was queued.');
  return mark;
}
