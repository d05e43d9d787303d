import { createHash, createHmac } from 'node:crypto';
import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causes } from '../../../../cli/verify/causes.ts';
import { type Diagnosis, diagnose, type SignedRequest } from '../../../../cli/verify/diagnosis.ts';
import { sign } from '../../../../lib/webhook/signature.ts';

const secret = 'a2V5LXdpdGgtdGV4dA';
const original = Buffer.from('{"name":"Ana é/<b>","list":[1, 2],"z":1,"a":2}');
const signed = (body: string | Buffer) => sign(body, secret);
const right = signed(original);

function diagnosisOf(request: Partial<SignedRequest>): Diagnosis {
  return diagnose({ body: original, header: right, secrets: [secret], others: [], ...request });
}

const json: unknown = JSON.parse(original.toString());
const reserialised = Buffer.from(JSON.stringify(json));
const hex = createHmac('sha256', secret).update(original).digest('hex');

describe('the diagnosis of a signature', () => {
  it('finds nothing wrong with a signature that holds under any live secret', () => {
    const diagnosis = diagnosisOf({ secrets: ['another', secret] });

    expect(diagnosis).toMatchObject({ valid: true, causes: [] });
    expect(diagnosis.computed).toEqual([sign(original, 'another'), right]);
  });

  it.each<[string, string[], Partial<SignedRequest>]>([
    [
      'a body that was written again',
      ['body-reserialised'],
      { body: reserialised, header: signed(JSON.stringify(json, undefined, 2)) },
    ],
    [
      'a signature over a body that was written again',
      ['body-reserialised'],
      { header: signed(reserialised) },
    ],
    [
      'a body that Python wrote again',
      ['body-reserialised'],
      { header: signed(String.raw`{"name": "Ana \u00e9/<b>", "list": [1, 2], "z": 1, "a": 2}`) },
    ],
    [
      'a body that PHP wrote again',
      ['body-reserialised'],
      { header: signed(JSON.stringify(json).replaceAll('/', String.raw`\/`)) },
    ],
    [
      'a body with sorted keys',
      ['body-reserialised'],
      { header: signed('{"a":2,"list":[1,2],"name":"Ana é/<b>","z":1}') },
    ],
    ['a line feed too many', ['trailing-newline'], { body: Buffer.concat([original, Buffer.from('\n')]) }],
    ['a line feed too few', ['trailing-newline'], { header: signed(`${original.toString()}\n`) }],
    ['changed line endings', ['line-endings'], { body: Buffer.from('a\nb'), header: signed('a\r\nb') }],
    ['a signature in hex', ['hex-signature'], { header: hex }],
    ['a signature in upper-case hex', ['hex-signature'], { header: hex.toUpperCase() }],
    ['base64 of the hex', ['hex-signature'], { header: Buffer.from(hex).toString('base64') }],
    ['a signature without padding', ['url-safe-or-unpadded'], { header: right.slice(0, -1) }],
    [
      'a signature in URL-safe base64',
      ['url-safe-or-unpadded'],
      { body: Buffer.from('n'), header: createHmac('sha256', secret).update('n').digest('base64url') },
    ],
    ['a header with a prefix', ['header-decorated'], { header: `sha256=${right}` }],
    ['a header with spaces', ['header-decorated'], { header: ` ${right} ` }],
    ['a header with percent signs', ['header-decorated'], { header: encodeURIComponent(right) }],
    ['two headers', ['header-repeated'], { header: `${sign('x', secret)}, ${right}` }],
    ['a body that is still in base64', ['base64-body'], { body: Buffer.from(original.toString('base64')) }],
    ['a body that should be in base64', ['base64-body'], { header: signed(original.toString('base64')) }],
    ['a body read as Latin-1', ['charset'], { body: Buffer.from(original.toString('latin1')) }],
    ['a byte order mark', ['charset'], { body: Buffer.from(`\uFEFF${original.toString()}`) }],
    [
      "another request's header",
      ['other-request'],
      { body: Buffer.from('{}'), others: [Buffer.from('[]'), original] },
    ],
    ['a line feed after the secret', ['secret-decorated'], { header: sign(original, `${secret}\n`) }],
    ['quotes around the secret', ['secret-decorated'], { secrets: [`"${secret}"`] }],
    [
      'a decoded secret',
      ['secret-decoded'],
      { header: createHmac('sha256', Buffer.from(secret, 'base64')).update(original).digest('base64') },
    ],
    ['SHA-1', ['wrong-algorithm'], { header: createHmac('sha1', secret).update(original).digest('base64') }],
    [
      'a hash without the secret',
      ['wrong-algorithm'],
      { header: createHash('sha256').update(original).digest('base64') },
    ],
    [
      'two mistakes at once',
      ['trailing-newline', 'hex-signature'],
      { body: Buffer.concat([original, Buffer.from('\n')]), header: hex },
    ],
  ])('proves %s', (_, expected, request) => {
    const diagnosis = diagnosisOf(request);

    expect(diagnosis).toMatchObject({ valid: false, proven: true, causes: expected });
  });

  it('looks at each byte a few times only, however many line feeds stand in a row', () => {
    const body = Buffer.from(`${'\n'.repeat(512 * 1024 - 1)}x`);

    const diagnosis = diagnosisOf({
      body: Buffer.concat([body, Buffer.from('\n')]),
      header: sign(body, secret),
    });

    expect(diagnosis.causes).toEqual(['trailing-newline']);
  });

  it('takes the secret for wrong when nothing explains the header', () => {
    const diagnosis = diagnosisOf({ header: sign(original, 'somebody else') });

    expect(diagnosis).toMatchObject({
      valid: false,
      proven: false,
      causes: ['wrong-secret', 'other-request'],
    });
  });

  it('says that there is no body before it doubts the secret', () => {
    const diagnosis = diagnosisOf({ body: Buffer.alloc(0) });

    expect(diagnosis.causes).toEqual(['body-empty', 'wrong-secret', 'other-request']);
    expect(causes['body-empty'].meaning).toContain('0 bytes');
  });

  it.each(['', 'x', '%FF%ZZ', 'a=b', '{}'])(
    'says so when the header is nothing like a signature: %j',
    (header) => {
      const diagnosis = diagnosisOf({ header });

      expect(diagnosis).toMatchObject({ valid: false, proven: false, causes: ['header-unreadable'] });
    },
  );

  it('never throws, and never calls a signature of another secret valid', () => {
    assert(
      property(uint8Array({ maxLength: 50 }), string({ maxLength: 60 }), (bytes, header) => {
        const body = Buffer.from(bytes);
        return (
          !diagnosisOf({ body, header }).valid && !diagnosisOf({ body, header: sign(body, 'another') }).valid
        );
      }),
      { numRuns: 200 },
    );
  });

  it('has words for every cause, and never repeats the secret', () => {
    const words = JSON.stringify([causes, diagnosisOf({ header: hex })]);

    expect(words).not.toContain(secret);
    for (const { meaning, remedy } of Object.values(causes)) expect(meaning && remedy).toMatch(/./);
  });
});
