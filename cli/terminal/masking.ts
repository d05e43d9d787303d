/** What stands for the digits that are not shown. */
const dots = '•••';

/** A phone number as it is shown without `--reveal`: `+1555•••1234`; a short one, or a user id, with less of it. */
export function maskNumber(number: string): string {
  const match = /^(\+?)(\d+)$/.exec(number);
  if (match === null) return `${number.slice(0, 3)}${dots}`;
  const [, plus = '', digits = ''] = match;
  // Eight digits of a whole number tell a support case from the next; of a short one, half would be too many.
  const shown = digits.length >= 11 ? 8 : Math.floor(digits.length / 2);
  const tail = Math.min(4, Math.floor(shown / 2));
  const head = Math.min(4, shown - tail);
  return `${plus}${digits.slice(0, head)}${dots}${tail === 0 ? '' : digits.slice(-tail)}`;
}

/** Whether a text is one that was masked, and not the one that is meant. */
export function isMasked(text: string): boolean {
  return text.includes(dots);
}

/** Masks whatever in a text looks like a phone number: seven digits and more, or a plus and four. */
export function maskNumbersIn(text: string): string {
  return text.replaceAll(/\+\d{4,}|\d{7,}/g, maskNumber);
}
