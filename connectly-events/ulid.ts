/** Crockford's base 32: no I, L, O or U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeDigits = 10;
const randomBits = 80n;

/** Where ids get their time, in epoch milliseconds, and their random bits, as numbers from 0 to below 1. */
export interface IdSource {
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Makes ULIDs: 48 bits of epoch milliseconds and 80 random bits, in 26 characters.
 *
 * Ids of one generator always grow, even within a millisecond, with a clock that goes back, or with a `random` that
 * always says the same: two messages must never get one id, whatever a test injects.
 */
export function ulidGenerator({ now, random }: IdSource): () => string {
  let lastTime = -1;
  let lastRandom = 0n;
  return () => {
    const time = Math.floor(now());
    if (time > lastTime) {
      lastTime = time;
      lastRandom = freshBits(random);
    } else if (lastRandom + 1n < 1n << randomBits) {
      lastRandom += 1n;
    } else {
      lastTime += 1;
      lastRandom = 0n;
    }
    return toBase32((BigInt(lastTime) << randomBits) | lastRandom);
  };
}

/** The same 128 bits written as a UUID: the form in which `context.replyToId` names a message. */
export function ulidToUuid(ulid: string): string {
  let bits = 0n;
  for (const character of ulid) bits = (bits << 5n) | BigInt(alphabet.indexOf(character));
  const hex = bits.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function freshBits(random: () => number): bigint {
  let bits = 0n;
  for (let taken = 0n; taken < randomBits; taken += 16n) {
    bits = (bits << 16n) | BigInt(Math.min(0xffff, Math.floor(random() * 0x10000)));
  }
  return bits;
}

function toBase32(bits: bigint): string {
  let text = '';
  for (let digit = timeDigits + 16 - 1; digit >= 0; digit -= 1) {
    text += alphabet.charAt(Number((bits >> BigInt(digit * 5)) & 31n));
  }
  return text;
}
