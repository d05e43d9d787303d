import { isUtf8 } from 'node:buffer';
import { configurationError } from '../errors.ts';

/** What a file in UTF-8 may begin with. */
export const byteOrderMark = Buffer.from('\uFEFF');

/** How other encodings begin, with the names that iconv has for them: with a mark, or with the NUL beside a letter. */
const beginnings = [
  // Before UTF-16, whose mark is the beginning of this one.
  { bytes: [0xff, 0xfe, 0, 0], charset: 'utf-32' },
  { bytes: [0, 0, 0xfe, 0xff], charset: 'utf-32' },
  { bytes: [0xff, 0xfe], charset: 'utf-16' },
  { bytes: [0xfe, 0xff], charset: 'utf-16' },
  { bytes: [undefined, 0, undefined, 0], charset: 'utf-16le' },
  { bytes: [0, undefined, 0, undefined], charset: 'utf-16be' },
] as const;

/**
 * Bytes from outside that are text in UTF-8. Throws `not-utf-8` for any other, with the command that mends them: read all
 * the same, they would be another text. `name` begins the sentence.
 */
export function utf8Of(bytes: Buffer, name: string): Buffer {
  const found = beginnings.find(({ bytes: expected }) =>
    expected.every((byte, index) => (byte === undefined ? (bytes[index] ?? 0) !== 0 : bytes[index] === byte)),
  );
  if (found === undefined && isUtf8(bytes) && !bytes.includes(0)) return bytes;
  const remedy =
    found !== undefined
      ? `is ${found.charset.toUpperCase()}, not UTF-8. Convert it: iconv -f ${found.charset} -t utf-8`
      : isUtf8(bytes)
        ? 'is no text: there is a NUL in it. Write it anew, as plain text in UTF-8.'
        : 'is not UTF-8. Save it as UTF-8, or convert it. What Windows wrote in a western language: iconv -f windows-1252 -t utf-8';
  throw configurationError('not-utf-8', `${name} ${remedy}`);
}

/** The same as a string, without the mark that it may begin with. */
export function textOf(bytes: Buffer, name: string): string {
  return new TextDecoder().decode(utf8Of(bytes, name));
}
