import type { Random } from '../harness/random.ts';

/** What one run must not find again anywhere: each value is made for it and occurs nowhere else. */
export interface Canaries {
  readonly phone: string;
  /** A recipient who hides their number. */
  readonly userId: string;
  readonly businessPhone: string;
  readonly text: string;
  readonly name: string;
  readonly callbackData: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** A secret that is not the stage's: of a forger, or of another stage. */
  readonly otherSecret: string;
  /** Connectly's own words about a customer. */
  readonly vendorText: string;
}

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function token(random: Random, length: number, characters = alphanumerics): string {
  return Array.from({ length }, () => characters.charAt(random.int(characters.length))).join('');
}

/** The longest number that E.164 allows: ten of its digits in a row are no coincidence. */
function phone(random: Random): string {
  return `+49${token(random, 13, '0123456789')}`;
}

export function newCanaries(random: Random): Canaries {
  return {
    phone: phone(random),
    businessPhone: phone(random),
    userId: `DE.${token(random, 24)}`,
    text: `${token(random, 16)}, your table is ready, \u00e1 bient\u00f4t \u{1f600} ${token(random, 16)}`,
    name: `${token(random, 16)} O'Hára-${token(random, 16)}`,
    callbackData: token(random, 32),
    apiKey: token(random, 40, `${alphanumerics}-_`),
    webhookSecret: token(random, 40),
    otherSecret: token(random, 40),
    vendorText: `${token(random, 16)} could not be reached: "${token(random, 16)}"`,
  };
}
