import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** What no customer has: the area code and the hundred numbers of each other one that are kept for examples. */
const exampleNumber = /^\+1(555\d{7}|\d{3}55501\d{2})$/;

/**
 * Why a number looks mistyped, or undefined. For a warning only: numbering plans change faster than the list of them,
 * and valid numbers such as Mexico's +521... are not in it.
 */
export function suspicionAbout(recipient: string): string | undefined {
  if (!recipient.startsWith('+') || exampleNumber.test(recipient)) return undefined;
  const number = parsePhoneNumberFromString(recipient);
  if (number === undefined) return 'no country has numbers like this';
  const where = number.country ?? `+${number.countryCallingCode}`;
  if (!number.isPossible()) return `the length is wrong for ${where}`;
  return number.isValid() ? undefined : `no such number is assigned in ${where}`;
}
