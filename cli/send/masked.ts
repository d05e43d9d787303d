import { maskNumber, maskNumbersIn } from '../terminal/masking.ts';

/** The same JSON with every phone number in its texts masked, and whatever is exactly one of `recipients`. */
export function masked(value: unknown, recipients: readonly string[]): unknown {
  if (typeof value === 'string') {
    return recipients.includes(value) ? maskNumber(value) : maskNumbersIn(value);
  }
  if (Array.isArray(value)) return value.map((inner) => masked(inner, recipients));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, recipients)]));
}
