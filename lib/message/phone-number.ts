/**
 * E.164: a plus, a country code that does not start with 0, at most 15 digits. Nothing stricter: a library that knows
 * the numbering plans refuses Connectly's own sample number and valid ones such as Mexico's `+521...`.
 */
export const e164Pattern = /^\+[1-9]\d{1,14}$/;

/** A business-scoped user id, for customers who hide their number: two country letters, a dot, alphanumerics. */
export const bsuidPattern = /^[A-Za-z]{2}\.[A-Za-z0-9]{1,128}$/;

/** Whether `recipient` is a business-scoped user id rather than a phone number. */
export function isBsuid(recipient: string): boolean {
  return bsuidPattern.test(recipient);
}
