import { hash } from 'node:crypto';

/** The same in each run, and another one in another file, for another row, or with another text or template. */
export function derivedId(inputDigest: string, row: number, content: string): string {
  return `bulk-${hash('sha256', `${inputDigest}:${row}:${content}`).slice(0, 32)}`;
}

/** Whether an id is one that a row got here: it is made of a digest, so its digits are nobody's number. */
export function isDerivedId(id: string): boolean {
  return /^bulk-[\da-f]{32}$/.test(id);
}
