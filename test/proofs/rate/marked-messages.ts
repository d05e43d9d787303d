/** Who a message is from; the stage's own business and number unless given. */
export interface From {
  readonly businessId?: string;
  readonly from?: string;
}

/** A message that says which one it is, wherever it goes, to a customer of its own. `expiresAt` is in epoch milliseconds. */
export function bodyOf(index: number, from: From = {}, expiresAt?: number): string {
  return JSON.stringify({
    type: 'text',
    to: `+1555${String(1_000_000 + index)}`,
    text: `m-${index}-`,
    ...from,
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  });
}

const markPattern = /m-\d+-/;

/** Which message a body, or a request for it, is of. */
export function markOf(text: string): string {
  const mark = markPattern.exec(text)?.[0];
  if (mark === undefined) throw new Error('This is of no message that was queued.');
  return mark;
}

/** The number of a message, from its mark. */
export function indexOf(mark: string): number {
  return Number(mark.split('-')[1]);
}
