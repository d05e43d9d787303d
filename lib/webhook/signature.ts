import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries Connectly's signature. */
export const signatureHeader = 'x-connectly-hmac-sha256';

/** Canonical base64 of 32 bytes: 44 characters, the spare bits of the last digit zero. */
const canonicalSignature = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/**
 * Signs a webhook body as Connectly does: base64 of the HMAC-SHA256 over the bytes. For tests of whatever calls a
 * webhook; strings are signed as UTF-8.
 */
export function sign(body: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/**
 * The decoded signature of a request, or undefined unless there is exactly one and it is canonical base64 of 32 bytes.
 * API Gateway joins a repeated header with commas, which is then not canonical; header names may come in any case.
 */
export function readSignature(
  headers: Readonly<Record<string, string | null | undefined>>,
): Buffer | undefined {
  const values = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === signatureHeader)
    .map(([, value]) => value);
  const [value] = values;
  // Not only for the types: a pattern would take a list of one for the text in it.
  if (values.length !== 1 || typeof value !== 'string' || !canonicalSignature.test(value)) return undefined;
  return Buffer.from(value, 'base64');
}

/** Whether any live secret made `signature` over `body`. Every secret is tried, in constant time. */
export function verify(body: Uint8Array, signature: Uint8Array, secrets: readonly string[]): boolean {
  return signerOf(body, signature, secrets) !== undefined;
}

/**
 * The place in the list, from 0, of the secret that made `signature` over `body`; the last one of equals; undefined when
 * none did. Every secret is tried, in constant time.
 */
export function signerOf(
  body: Uint8Array,
  signature: Uint8Array,
  secrets: readonly string[],
): number | undefined {
  let signer: number | undefined;
  for (const [place, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret).update(body).digest();
    const same = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (same) signer = place;
  }
  return signer;
}
