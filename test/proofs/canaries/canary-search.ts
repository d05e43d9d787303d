import { createHash } from 'node:crypto';

/** Where something was written, and what. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

export interface Hit {
  readonly canary: string;
  /** In which form it was written. */
  readonly form: string;
  readonly where: string;
}

/** So many characters from the beginning and from the end of a canary give it away. */
const pieceLength = 10;

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly text: string;
  /** Whether blanks, brackets and hyphens between its characters do not hide it. */
  readonly isNumber: boolean;
}

/**
 * Finds canaries as they are, cut off at either end, in base64 at any offset, in hex, URL-encoded; phone numbers by their
 * digits too, however grouped, and by their SHA-256.
 */
export class CanarySearch {
  readonly #needles: Needle[] = [];

  get needleCount(): number {
    return this.#needles.length;
  }

  add(canary: string, value: string): void {
    const pieces = new Set([value, value.slice(0, pieceLength), value.slice(-pieceLength)]);
    for (const piece of pieces) this.#addForms(canary, piece);
  }

  addPhone(canary: string, number: string): void {
    const digits = number.replace('+', '');
    this.add(canary, number);
    for (const piece of [digits, digits.slice(-pieceLength)]) this.#push(canary, 'digits', piece, true);
    for (const form of [number, digits]) {
      const hash = createHash('sha256').update(form).digest();
      for (const encoding of ['hex', 'base64', 'base64url'] as const)
        this.#push(canary, `SHA-256 in ${encoding}`, hash.toString(encoding).slice(0, 2 * pieceLength));
    }
  }

  find(written: readonly Written[]): readonly Hit[] {
    return written.flatMap(({ where, text }) => {
      const whole = text.toLowerCase();
      const ungrouped = whole.replaceAll(/[\s()./-]/g, '');
      return this.#needles
        .filter((needle) => (needle.isNumber ? ungrouped : whole).includes(needle.text))
        .map(({ canary, form }) => ({ canary, form, where }));
    });
  }

  #addForms(canary: string, piece: string): void {
    const bytes = Buffer.from(piece);
    this.#push(canary, 'plain', piece);
    this.#push(canary, 'JSON', JSON.stringify(piece).slice(1, -1));
    this.#push(canary, 'URL-encoded', encodeURIComponent(piece));
    this.#push(canary, 'hex', bytes.toString('hex'));
    for (const offset of [0, 1, 2]) {
      const base64 = base64Core(bytes, offset);
      this.#push(canary, 'base64', base64);
      this.#push(canary, 'base64url', base64.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }

  #push(canary: string, form: string, text: string, isNumber = false): void {
    const needle = { canary, form, text: text.toLowerCase(), isNumber };
    const isKnown = this.#needles.some((known) => known.text === needle.text && known.isNumber === isNumber);
    if (!isKnown) this.#needles.push(needle);
  }
}

/** What stays of base64 wherever the bytes stand in a longer text: the digits that hold no neighbour's bits. */
function base64Core(bytes: Buffer, offset: number): string {
  const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const isWhole = (offset + bytes.length) % 3 === 0;
  return base64.slice(Math.ceil((offset * 8) / 6), isWhole ? undefined : -1);
}
