// What a webhook request deserves, decided a second time from the vendor's and AWS's documentation alone: nothing here
// comes from lib/, and nothing is done in its way. Signatures are compared as strings, base64 is decoded by hand.
import { createHmac } from 'node:crypto';
import type { HostileRequest } from './request.ts';
import type { WireRequest } from './wire.ts';

export type Verdict =
  /** Signed: 200, and exactly these bytes on the queue. */
  | { readonly kind: 'accept'; readonly bytes: Uint8Array }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'too-large' }
  /** An event that API Gateway never makes: any answer but a 5xx, and nothing queued that is not signed. */
  | { readonly kind: 'unspecified'; readonly signature: string };

/** What a request deserves that travels over HTTP: API Gateway answers 404 when it has no route for it. */
export type WireVerdict = Exclude<Verdict, { kind: 'unspecified' }> | { readonly kind: 'not-found' };

const limitBytes = 512 * 1024;
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; 255 for what is no digit. */
const digitValues = new Uint8Array(128).fill(255);
for (let value = 0; value < digits.length; value++) digitValues[digits.charCodeAt(value)] = value;
const encoder = new TextEncoder();

export function judge(request: HostileRequest, secrets: readonly string[]): Verdict {
  const bytes = bytesOf(request);
  if (bytes !== undefined && bytes.length > limitBytes) return { kind: 'too-large' };
  const signature = signatureOf(request.headers);
  if (bytes === undefined) {
    return signature === undefined ? { kind: 'refuse' } : { kind: 'unspecified', signature };
  }
  if (signature === undefined) return { kind: 'refuse' };
  return isSigned(bytes, signature, secrets) ? { kind: 'accept', bytes } : { kind: 'refuse' };
}

/** The same for what is sent over HTTP, from the bytes on the wire: how an event carries them must not matter. */
export function judgeWire(
  { method, path, headers, body }: WireRequest,
  route: { readonly method: string; readonly path: string },
  secrets: readonly string[],
): WireVerdict {
  if (method !== route.method || path.replace(/\?.*$/, '') !== route.path) return { kind: 'not-found' };
  if (body.length > limitBytes) return { kind: 'too-large' };
  const [first, ...others] = headers.filter(([name]) => isSignatureName(name));
  if (first === undefined || others.length > 0) return { kind: 'refuse' };
  // Blanks around a value are no part of it (RFC 9110, 5.5).
  const signature = first[1].replaceAll(/^[ \t]+|[ \t]+$/g, '');
  return isSigned(body, signature, secrets) ? { kind: 'accept', bytes: body } : { kind: 'refuse' };
}

/** Whether one of the secrets made this signature, as the text that the vendor would have sent. */
export function isSigned(bytes: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => createHmac('sha256', secret).update(bytes).digest('base64') === signature);
}

/** Whether this could be a signature at all: its length, its alphabet and its padding. */
export function couldBeSignature(signature: string): boolean {
  return signature.length === 44 && signature.endsWith('=') && decodeBase64(signature)?.length === 32;
}

/** The one signature of a request; undefined for none, for more than one and for what is no text. */
export function signatureOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  let found: unknown;
  let count = 0;
  for (const name of Object.getOwnPropertyNames(headers)) {
    if (!isSignatureName(name)) continue;
    found = Object.getOwnPropertyDescriptor(headers, name)?.value;
    count++;
  }
  return count === 1 && typeof found === 'string' ? found : undefined;
}

/** Header names are compared without regard to the case of ASCII letters, and of nothing else. */
function isSignatureName(name: string): boolean {
  const wanted = 'x-connectly-hmac-sha256';
  if (name.length !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) {
    const code = name.charCodeAt(index);
    const lower = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (lower !== wanted.charCodeAt(index)) return false;
  }
  return true;
}

/** The bytes that came over the wire, or undefined when API Gateway would not have made such an event of any. */
function bytesOf({ body, isBase64Encoded }: HostileRequest): Uint8Array | undefined {
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') return undefined;
  if (body === undefined || body === null || body === '') return new Uint8Array();
  if (typeof body !== 'string') return undefined;
  // The encoder puts U+FFFD for a lone surrogate, as every encoder of UTF-8 does.
  return isBase64Encoded === true ? decodeBase64(body) : encoder.encode(body);
}

/** The bytes of canonical base64, or undefined for any other text. */
function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let written = 0;
  let bits = 0;
  let pending = 0;
  for (let index = 0; index < end; index++) {
    const value = digitValues[text.charCodeAt(index)] ?? 255;
    if (value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    pending += 6;
    if (pending >= 8) {
      pending -= 8;
      bytes[written++] = (bits >> pending) & 0xff;
    }
  }
  return (bits & ((1 << pending) - 1)) === 0 ? bytes : undefined;
}
