import { parseJson } from '../../lib/message/json.ts';
import { escaped } from '../terminal/lines.ts';
import type { Cause } from './causes.ts';

/** Something that might have been meant, and the mistake that made another thing of it. */
export interface Variant<Value> {
  readonly value: Value;
  /** Undefined for the thing itself. */
  readonly mistake?: Mistake;
}

/** What can be made, so that the header comes out; the other causes are only likely. */
export type Mistake = Exclude<Cause, 'body-empty' | 'header-unreadable' | 'wrong-secret'>;

/** The bytes that may have been signed, where these are what is left of them. */
export function bodyVariants(body: Buffer): Variant<Buffer>[] {
  const text = body.toString('utf8');
  const trimmed = withoutLineEnd(text);
  const variants: [Mistake, (Buffer | string)[]][] = [
    ['trailing-newline', [`${text}\n`, `${text}\r\n`, trimmed, `${trimmed}\n`]],
    ['line-endings', [text.replaceAll('\r\n', '\n'), text.replaceAll(/\r?\n/g, '\r\n')]],
    ['body-reserialised', serialisations(text)],
    ['base64-body', [Buffer.from(body.toString('base64')), ...decodedBase64(trimmed)]],
    ['charset', charsets(body)],
  ];
  return [
    { value: body },
    ...variants.flatMap(([mistake, values]) =>
      values
        .map((value) => ({ mistake, value: Buffer.from(value) }))
        .filter(({ value }) => !value.equals(body)),
    ),
  ];
}

/** Character by character: an expression would look anew from each of thousands of line feeds. */
function withoutLineEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1;
  return text.slice(0, end);
}

/** The same JSON as the usual libraries write it. */
function serialisations(text: string): string[] {
  const json = parseJson(text);
  if (json === undefined) return [];
  const compact = JSON.stringify(json);
  const indented = [2, 4, '\t'].map((space) => JSON.stringify(json, undefined, space));
  const spaced = writtenWithSpaces(json);
  const sorted = JSON.stringify(json, (_, value: unknown) => withSortedKeys(value));
  return [compact, ...indented, spaced, sorted].flatMap((each) => [
    each,
    each.replaceAll(/[\u0080-\uffff]/g, escaped),
    each.replaceAll(/[<>&\u2028\u2029]/g, escaped),
    each.replaceAll('/', String.raw`\/`),
  ]);
}

/** As Python's json.dumps. */
function writtenWithSpaces(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writtenWithSpaces).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}: ${writtenWithSpaces(inner)}`,
  );
  return `{${members.join(', ')}}`;
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function decodedBase64(text: string): Buffer[] {
  const looksLikeIt = text !== '' && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
  return looksLikeIt ? [Buffer.from(text, 'base64')] : [];
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** What comes of bytes that were read in one charset and written in another. */
function charsets(body: Buffer): Buffer[] {
  const marked = body.subarray(0, 3).equals(byteOrderMark);
  return [
    Buffer.from(body.toString('latin1'), 'utf8'),
    Buffer.from(body.toString('utf8'), 'latin1'),
    Buffer.from(body.toString('utf8'), 'utf16le'),
    marked ? body.subarray(3) : Buffer.concat([byteOrderMark, body]),
  ];
}

/** The digests that a header's value may stand for. */
export function signatureVariants(header: string): Variant<Buffer>[] {
  const plain = header
    .trim()
    .replaceAll(/^["']|["']$/g, '')
    .replace(/^(x-connectly-hmac-sha256:|sha256=)\s*/i, '')
    .trim();
  const parts = plain.split(',').map((part) => part.trim());
  if (parts.length > 1) {
    return parts.flatMap((part) =>
      signatureVariants(part).map(({ value }) => ({ value, mistake: 'header-repeated' as const })),
    );
  }
  const found: Variant<Buffer>[] = [];
  if (/^[0-9a-f]+$/i.test(plain) && plain.length % 2 === 0) {
    found.push({ value: Buffer.from(plain, 'hex'), mistake: 'hex-signature' });
  }
  // A form decoder makes spaces of plus signs; percent signs come from an encoder.
  const unescaped = plain
    .replaceAll(' ', '+')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(unescaped)) {
    const value = Buffer.from(unescaped, 'base64');
    const asWritten = value.toString('base64') === header;
    const urlSafe = value.toString('base64') !== unescaped;
    if (asWritten) found.push({ value });
    else found.push({ value, mistake: urlSafe ? 'url-safe-or-unpadded' : 'header-decorated' });
    const inner = value.toString('latin1');
    if (/^[0-9a-f]{40,128}$/i.test(inner)) {
      found.push({ value: Buffer.from(inner, 'hex'), mistake: 'hex-signature' });
    }
  }
  return found;
}

/** The keys that may have been used, where this is the secret. */
export function secretVariants(secret: string): Variant<Buffer>[] {
  const decorated = [secret.trim(), `${secret}\n`, `${secret}\r\n`, `"${secret}"`, unquoted(secret)];
  const decoded = [Buffer.from(secret, 'hex'), ...decodedBase64(secret)];
  const all: Variant<Buffer>[] = [
    ...decorated.map((value) => ({ value: Buffer.from(value), mistake: 'secret-decorated' as const })),
    ...decoded.map((value) => ({ value, mistake: 'secret-decoded' as const })),
  ];
  const itself = Buffer.from(secret);
  return [{ value: itself }, ...all.filter(({ value }) => value.length > 0 && !value.equals(itself))];
}

function unquoted(secret: string): string {
  return secret.trim().replaceAll(/^["']|["']$/g, '');
}
