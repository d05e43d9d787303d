import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSignature, sign, signatureHeader, verify } from '../../../lib/webhook/signature.ts';

/** Made with `openssl dgst -sha256 -hmac SECRET -binary | base64`; the last two are RFC 4231's cases 1 and 2. */
const knownAnswers = [
  {
    body: Buffer.from('hello!'),
    secret: 'topsecret',
    signature: 'W68byhvcr10vt24HruokvCkCW5JRQyy2JRR1FWQHkeI=',
  },
  { body: Buffer.alloc(0), secret: 'topsecret', signature: 'gY+cuIMVrAi174P5ZlDKb0493ctFSOSHm3RvVrV/orA=' },
  {
    body: Buffer.from('{"message":{"text":"Café 😀 — ñ"}}'),
    secret: 'kéy',
    signature: 'KZN2+jYpewkPQRdyTWQPrHWqHU3Om6YzOpGmXA7XLyQ=',
  },
  {
    body: Buffer.from([0xff, 0xfe, 0x00, 0x01]),
    secret: 'topsecret',
    signature: '8LNiZLUPI5HZvO5L0P4cxh774EYyWo7dMdjKIvA58LY=',
  },
  {
    body: Buffer.from('Hi There'),
    secret: '\u000b'.repeat(20),
    signature: 'sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=',
  },
  {
    body: Buffer.from('what do ya want for nothing?'),
    secret: 'Jefe',
    signature: 'W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=',
  },
];

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const secret = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });

describe('sign', () => {
  it.each(knownAnswers)('makes the signature that openssl makes: $signature', (known) => {
    const signature = sign(known.body, known.secret);

    expect(signature).toBe(known.signature);
  });

  it('signs a string as its UTF-8 bytes', () => {
    const fromText = sign('Café 😀', 'secret');

    expect(fromText).toBe(sign(Buffer.from('Café 😀', 'utf8'), 'secret'));
  });
});

describe('verify', () => {
  it('accepts any bytes signed with any live secret, wherever it stands in the list', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (body, secrets, pick) => {
          const used = secrets[pick % secrets.length] ?? '';
          const signature = createHmac('sha256', used).update(body).digest();

          expect(verify(body, signature, secrets)).toBe(true);
        },
      ),
    );
  });

  it('refuses any single-bit change of the body or of the signature', () => {
    fc.assert(
      fc.property(bytes, secret, fc.nat(), (body, key, pick) => {
        const signature = createHmac('sha256', key).update(body).digest();
        const both = Buffer.concat([body, signature]);
        const bit = pick % (both.length * 8);
        both[bit >> 3] = (both[bit >> 3] ?? 0) ^ (1 << (bit & 7));

        const changedBody = both.subarray(0, body.length);
        const changedSignature = both.subarray(body.length);

        expect(verify(changedBody, changedSignature, [key])).toBe(false);
      }),
    );
  });

  it('refuses a signature made with a secret that is not live', () => {
    const signature = Buffer.from(sign('body', 'old'), 'base64');

    expect(verify(Buffer.from('body'), signature, ['new', 'newer'])).toBe(false);
  });

  it('refuses everything when no secret is live', () => {
    const signature = Buffer.from(sign('body', ''), 'base64');

    expect(verify(Buffer.from('body'), signature, [])).toBe(false);
  });

  it.each([0, 31, 33])('refuses a signature of %i bytes without throwing', (length) => {
    const signature = Buffer.alloc(length);

    expect(verify(Buffer.from('body'), signature, ['secret'])).toBe(false);
  });
});

const right = sign('body', 'secret');

/** Other spellings of the same 32 bytes that Node's decoder accepts, and values that are no signature at all. */
const malformed: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['short', right.slice(0, 40)],
  ['long', `${right}AAAA`],
  ['without padding', right.slice(0, 43)],
  ['with two padding characters', `${right.slice(0, 42)}==`],
  ['in the URL alphabet', `${'-_'.repeat(21)}A=`],
  ['with a blank before it', ` ${right}`],
  ['with a blank behind it', `${right} `],
  ['with a line feed behind it', `${right}\n`],
  ['with a line feed inside it', `${right.slice(0, 20)}\n${right.slice(20)}`],
  ['with junk inside it', `${right.slice(0, 20)}!${right.slice(21)}`],
  ['with a trailing character', `${right}x`],
  ['doubled with a comma', `${right},${right}`],
  ['doubled with a comma and a blank', `${right}, ${right}`],
  ['as hexadecimal', Buffer.from(right, 'base64').toString('hex')],
  ['behind an algorithm name', `sha256=${right}`],
];

describe('readSignature', () => {
  it.each(['x-connectly-hmac-sha256', 'X-Connectly-Hmac-Sha256', 'X-CONNECTLY-HMAC-SHA256'])(
    'finds the header spelt %s',
    (name) => {
      const signature = readSignature({ [name]: right });

      expect(signature?.toString('base64')).toBe(right);
    },
  );

  it('finds it among other headers', () => {
    const signature = readSignature({ accept: '*/*', [signatureHeader]: right, 'content-length': '4' });

    expect(signature?.toString('base64')).toBe(right);
  });

  it('refuses a list, even of one right signature', () => {
    const headers: Record<string, string> = JSON.parse(JSON.stringify({ [signatureHeader]: [right] }));

    const signature = readSignature(headers);

    expect(signature).toBeUndefined();
  });

  it('finds nothing among other headers', () => {
    const signature = readSignature({ 'x-connectly-hmac-sha1': right, 'x-connectly-hmac-sha256-2': right });

    expect(signature).toBeUndefined();
  });

  it('finds nothing when the header has no value', () => {
    const signature = readSignature({ [signatureHeader]: undefined });

    expect(signature).toBeUndefined();
  });

  it('refuses two headers that differ in case only, even with one value', () => {
    const signature = readSignature({ 'x-connectly-hmac-sha256': right, 'X-Connectly-Hmac-Sha256': right });

    expect(signature).toBeUndefined();
  });

  it.each(malformed)('refuses a signature that is %s', (_, value) => {
    const signature = readSignature({ [signatureHeader]: value });

    expect(signature).toBeUndefined();
  });

  it('refuses each spelling of a right signature whose spare bits are not zero', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = alphabet.indexOf(right.charAt(42));
    const spellings = [1, 2, 3].map((spare) => `${right.slice(0, 42)}${alphabet.charAt(last + spare)}=`);

    const accepted = spellings.filter((value) => readSignature({ [signatureHeader]: value }) !== undefined);

    expect(spellings.map((value) => Buffer.from(value, 'base64').toString('base64'))).toEqual([
      right,
      right,
      right,
    ]);
    expect(accepted).toEqual([]);
  });

  it('takes any 32 bytes in canonical base64, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (array) => {
        const digest = Buffer.from(array);

        const read = readSignature({ [signatureHeader]: digest.toString('base64') });

        expect(read).toEqual(digest.length === 32 ? digest : undefined);
      }),
    );
  });

  it('takes nothing but the canonical spelling of what it decodes to', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 40, maxLength: 48, unit: fc.constantFrom(...Array.from('ABab09+/=,-_ \n')) }),
        (value) => {
          const read = readSignature({ [signatureHeader]: value });

          expect(read === undefined || read.toString('base64') === value).toBe(true);
        },
      ),
    );
  });
});
