import { createHash, createHmac } from 'node:crypto';
import type { Random } from '../harness/random.ts';
import { assemble, type Draft, signatureName, signWith } from './draft.ts';
import type { HostileRequest } from './request.ts';

export type Mutation = (draft: Draft) => HostileRequest;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const otherCharacters = [...alphabet.split(''), '=', '-', '_', ' ', 'é'];
const blanks = ['\t', '\n', '\r\n', ' ', '\0', '\u00a0', '\ufeff', '\u2028'];

function withSignature(change: (signature: string, draft: Draft) => unknown): Mutation {
  return (draft) => assemble(draft, { signature: change(draft.signature, draft) });
}

function withHeaders(make: (signature: string, draft: Draft) => object): Mutation {
  return (draft) => assemble(draft, { headers: make(draft.signature, draft) });
}

function replaceAt(text: string, index: number, by: string): string {
  return text.slice(0, index) + by + text.slice(index + 1);
}

function otherCase(name: string, random: Random): string {
  return Array.from(name, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join('');
}

/** Base64 whose first `count` characters are right. */
function rightUpTo(count: number, signature: string, random: Random): string {
  return signature.slice(0, count) + random.bytes(32).toString('base64').slice(count);
}

/** The same 32 bytes for a decoder that overlooks the spare bits of the last digit. */
function spareBits(signature: string, random: Random): string {
  const digit = alphabet.indexOf(signature.charAt(42));
  return replaceAt(signature, 42, alphabet.charAt(digit + 1 + random.int(3)));
}

/** What can be wrong with a signature, or with the header that carries it. */
export const signatureMutations: Readonly<Record<string, Mutation>> = {
  'signature: one bit flipped': withSignature((signature, { random }) => {
    const index = random.int(44);
    return replaceAt(
      signature,
      index,
      String.fromCharCode(signature.charCodeAt(index) ^ (1 << random.int(8))),
    );
  }),
  'signature: one character replaced': withSignature((signature, { random }) =>
    replaceAt(signature, random.int(44), random.pick(otherCharacters)),
  ),
  'signature: two characters swapped': withSignature((signature, { random }) => {
    const index = random.int(42);
    return replaceAt(
      replaceAt(signature, index, signature.charAt(index + 1)),
      index + 1,
      signature.charAt(index),
    );
  }),
  'signature: cut': withSignature((signature, { random }) => signature.slice(0, random.int(44))),
  'signature: beginning cut': withSignature((signature, { random }) => signature.slice(1 + random.int(43))),
  'signature: trailing characters': withSignature(
    (signature, { random }) =>
      signature + random.pick([...blanks, '=', 'A', 'AAAA', ',', ';', ', ', `,${signature}`, '\n\n']),
  ),
  'signature: leading characters': withSignature(
    (signature, { random }) =>
      random.pick([...blanks, '=', ',', 'sha256=', 'v1,', 'v1=', 'Bearer ', '"', 'AAAA']) + signature,
  ),
  'signature: characters in between': withSignature((signature, { random }) => {
    const index = 1 + random.int(43);
    return signature.slice(0, index) + random.pick(blanks) + signature.slice(index);
  }),
  'signature: quoted': withSignature((signature) => `"${signature}"`),
  'signature: no padding': withSignature((signature) => signature.slice(0, 43)),
  'signature: spare bits set': withSignature((signature, { random }) => spareBits(signature, random)),
  'signature: URL alphabet': withSignature((signature) =>
    signature.replaceAll('+', '-').replaceAll('/', '_'),
  ),
  'signature: percent-encoded': withSignature((signature) => encodeURIComponent(signature)),
  'signature: hexadecimal': withSignature((signature) => Buffer.from(signature, 'base64').toString('hex')),
  'signature: base64 twice': withSignature((signature) => Buffer.from(signature).toString('base64')),
  'signature: other letter case': withSignature((signature, { random }) => otherCase(signature, random)),
  'signature: right at its beginning': withSignature((signature, { random }) =>
    rightUpTo(random.pick([4, 8, 11, 22, 32, 40, 42]), signature, random),
  ),
  'signature: right at its end': withSignature(
    (signature, { random }) => random.bytes(32).toString('base64').slice(0, 22) + signature.slice(22),
  ),
  'signature: random': withSignature((_, { random }) =>
    random.bytes(random.pick([32, 32, 0, 31, 33, 64])).toString('base64'),
  ),
  'signature: a constant': withSignature((_, { random }) =>
    random.pick([
      '',
      ' ',
      '=',
      'undefined',
      'null',
      '[object Object]',
      `${'A'.repeat(43)}=`,
      'A'.repeat(44),
      '*',
    ]),
  ),
  'signature: huge': withSignature((signature, { random }) => signature.repeat(random.pick([2, 20, 200]))),
  'signature: not a string': withSignature((signature, { random }) =>
    random.pick<unknown>([null, 0, true, [signature], [], {}, { 0: signature }, [signature, signature]]),
  ),
  'key: a wrong secret': withSignature((_, { bytes, random }) =>
    signWith(random.pick(['', ' ', 'secret', 'undefined', 'null', 'other']), bytes),
  ),
  'key: a secret with blanks around it': withSignature((_, { bytes, secrets, random }) =>
    signWith(random.pick([`${random.pick(secrets)}\n`, ` ${random.pick(secrets)}`]), bytes),
  ),
  'key: the decoded secret': withSignature((_, { bytes, secrets, random }) =>
    createHmac('sha256', Buffer.from(random.pick(secrets), 'base64'))
      .update(bytes)
      .digest('base64'),
  ),
  'key: the whole list of secrets': withSignature((_, { bytes, secrets }) =>
    signWith(JSON.stringify(secrets), bytes),
  ),
  'algorithm: another HMAC': withSignature((_, { bytes, secrets, random }) =>
    createHmac(random.pick(['sha1', 'sha512', 'md5', 'sha3-256']), random.pick(secrets))
      .update(bytes)
      .digest('base64'),
  ),
  'algorithm: a plain hash': withSignature((_, { bytes, secrets, random }) =>
    createHash('sha256')
      .update(random.chance(0.5) ? random.pick(secrets) : '')
      .update(bytes)
      .digest('base64'),
  ),
  'header: absent': withHeaders(() => ({ 'content-type': 'text/plain' })),
  'header: under a similar name': withHeaders((signature, { random }) => ({
    [random.pick([
      'x-connectly-hmac-sha1',
      'x-connectly-hmac-sha256 ',
      ' x-connectly-hmac-sha256',
      'x_connectly_hmac_sha256',
      'connectly-hmac-sha256',
      'x-connectly-hmac-sha256\0',
      'х-connectly-hmac-sha256',
      'x-connectly-hmac-sha-256',
      '__proto__',
      'authorization',
    ])]: signature,
  })),
  'header: inherited': withHeaders((signature, { random }) => {
    const own = random.chance(0.5) ? { [signatureName]: random.bytes(32).toString('base64') } : {};
    return Object.defineProperty(own, '__proto__', {
      value: { [signatureName]: signature },
      enumerable: true,
    });
  }),
  'header: twice in different case': withHeaders((signature, { random }) => {
    const other = random.chance(0.5) ? signature : random.bytes(32).toString('base64');
    return random.chance(0.5)
      ? { 'X-Connectly-Hmac-Sha256': signature, [signatureName]: other }
      : { 'X-Connectly-Hmac-Sha256': other, [signatureName]: signature };
  }),
  'header: two values joined': withSignature((signature, { random }) => {
    const other = random.pick([signature, random.bytes(32).toString('base64'), '', 'x']);
    return random.pick([`${signature},${other}`, `${other},${signature}`, `${signature}, ${other}`]);
  }),
  'header: beside an empty one': withHeaders((signature, { random }) => ({
    [signatureName]: signature,
    [signatureName.toUpperCase()]: random.pick(['', null, signature]),
  })),
  'headers: none at all': ({ random, ...draft }) => {
    const { headers: _, ...request } = assemble({ random, ...draft });
    return random.chance(0.5) ? request : { ...request, headers: random.pick<unknown>([null, {}]) };
  },
  'headers: not an object of strings': ({ random, signature, ...draft }) => ({
    ...assemble({ random, signature, ...draft }),
    headers: random.pick<unknown>([
      signature,
      [signature],
      [signatureName, signature],
      [[signatureName, signature]],
      7,
      true,
      '',
      [{ name: signatureName, value: signature }],
    ]),
  }),
  'signature in another place': ({ random, signature, ...draft }) => ({
    ...assemble({ random, signature, ...draft }, { headers: {} }),
    ...random.pick<Readonly<Record<string, unknown>>>([
      { multiValueHeaders: { [signatureName]: [signature] } },
      { queryStringParameters: { [signatureName]: signature } },
      { cookies: [`${signatureName}=${signature}`] },
      { [signatureName]: signature },
    ]),
  }),
};
