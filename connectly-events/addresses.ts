/** Digits of E.164: a country code that does not begin with 0, 15 in all at most. Which of them exist is not ours to say. */
const e164 = /^\+[1-9]\d{1,14}$/;
/** Two letters for the country, a dot, then letters and digits. */
const bsuid = /^[A-Za-z]{2}\.[A-Za-z0-9]+$/;
const templateBsuidPrefix = 'bsuid:';

export function isE164(text: string): boolean {
  return e164.test(text);
}

export function isBsuid(text: string): boolean {
  return bsuid.test(text);
}

/** A customer of the session endpoint, and of webhooks: a number or a bare BSUID. */
export function isCustomerId(text: string): boolean {
  return isE164(text) || isBsuid(text);
}

/** The customer that a template's `number` names: a number, or a BSUID behind `bsuid:`; undefined when it is neither. */
export function customerOfTemplate(number: string): string | undefined {
  if (isE164(number)) return number;
  if (!number.startsWith(templateBsuidPrefix)) return undefined;
  const id = number.slice(templateBsuidPrefix.length);
  return isBsuid(id) ? id : undefined;
}
