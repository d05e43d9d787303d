import { describe, expect, it } from 'vitest';
import { carries, mustBeSpliced, readEnvelope } from './envelope.ts';
import { judge, judgeWire } from './oracle.ts';
import { sqsRefusal } from './sqs-rules.ts';

// RFC 4231, test case 2.
const secret = 'Jefe';
const body = 'what do ya want for nothing?';
const signature = Buffer.from(
  '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  'hex',
).toString('base64');
const headers = { 'x-connectly-hmac-sha256': signature };

describe('the oracle', () => {
  it.each([
    ['text', { headers, body }],
    ['base64', { headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }],
    ['a header in capitals', { headers: { 'X-CONNECTLY-HMAC-SHA256': signature }, body }],
  ])('accepts the signature of a published test vector over %s', (_, request) => {
    const verdict = judge(request, ['another', secret]);

    expect(verdict).toEqual({ kind: 'accept', bytes: new Uint8Array(Buffer.from(body)) });
  });

  it.each([
    ['another secret', { headers, body }, ['other']],
    ['another body', { headers, body: `${body} ` }, [secret]],
    ['no headers', { headers: null, body }, [secret]],
    ['two headers', { headers: { ...headers, 'X-Connectly-Hmac-SHA256': signature }, body }, [secret]],
    ['a list', { headers: { 'x-connectly-hmac-sha256': [signature] }, body }, [secret]],
    ['blanks', { headers: { 'x-connectly-hmac-sha256': `${signature} ` }, body }, [secret]],
  ])('refuses %s', (_, request, secrets) => {
    const verdict = judge(request, secrets);

    expect(verdict).toEqual({ kind: 'refuse' });
  });

  it.each([
    ['base64 with a line end', { headers, body: 'AAAA\n', isBase64Encoded: true }],
    ['base64 with spare bits', { headers, body: 'AB==', isBase64Encoded: true }],
    ['a body that is no string', { headers, body: {} }],
    ['a flag that is no boolean', { headers, body, isBase64Encoded: 'true' }],
  ])('leaves open what becomes of %s', (_, request) => {
    const verdict = judge(request, [secret]);

    expect(verdict.kind).toBe('unspecified');
  });

  it('finds a body too large from 512 KiB and one byte on, signed or not', () => {
    const atTheLimit = judge({ body: 'a'.repeat(512 * 1024) }, [secret]);
    const above = judge({ body: 'a'.repeat(512 * 1024 + 1) }, [secret]);

    expect(atTheLimit.kind).toBe('refuse');
    expect(above.kind).toBe('too-large');
  });

  it('takes blanks around a value off on the wire, where they are no part of it', () => {
    const wire = {
      mutation: '',
      method: 'POST',
      path: '/webhooks?a',
      body: Buffer.from(body),
      chunked: false,
    };
    const route = { method: 'POST', path: '/webhooks' };
    const line = ['X-Connectly-Hmac-Sha256', `\t ${signature} `] as const;

    const once = judgeWire({ ...wire, headers: [line] }, route, [secret]);
    const twice = judgeWire({ ...wire, headers: [line, line] }, route, [secret]);

    expect(once.kind).toBe('accept');
    expect(twice.kind).toBe('refuse');
  });
});

describe('the rules of SQS', () => {
  it.each(['\t\n\r', ' ~', '\ud7ff\ue000\ufffd', '\u{10000}\u{10ffff}\u{1fffe}', '\u007f\u0085'])(
    'allow %j',
    (text) => {
      expect(sqsRefusal(text, { topic: text })).toBeUndefined();
    },
  );

  it.each(['\0', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', 'a\udc00b', '\ud800\ud800'])(
    'refuse %j in a body and in an attribute',
    (text) => {
      expect(sqsRefusal(text, {})).toContain('U+');
      expect(sqsRefusal('{}', { topic: text })).toContain('topic');
    },
  );

  it('refuse what is empty, and what is over 1 MiB with its attributes', () => {
    const limit = 1024 * 1024;

    expect(sqsRefusal('', {})).toBeDefined();
    expect(sqsRefusal('{}', { topic: '' })).toBeDefined();
    expect(sqsRefusal('a'.repeat(limit), {})).toBeUndefined();
    expect(sqsRefusal('a'.repeat(limit), { topic: 'x' })).toContain('over the limit');
  });
});

describe('reading an envelope', () => {
  it('finds the vendor’s text where it stands, whatever the members before it hold', () => {
    const queued = '{"callbackData":{"event":1,"x":",\\"event\\":2}"},"event": {"a" : [1.0]} }';

    const envelope = readEnvelope(queued);

    expect(envelope).toMatchObject({ kind: 'spliced', text: ' {"a" : [1.0]} ' });
  });

  it.each([
    ['no JSON', '{"event":}'],
    ['no object', '[]'],
    ['no event', '{"id":"x"}'],
    ['an event that is not at its end', '{"event":{},"id":"x"}'],
    ['both', '{"event":{},"raw":"AA=="}'],
  ])('complains about %s', (_, queued) => {
    expect(readEnvelope(queued)).toBeTypeOf('string');
  });

  it('allows the two escapes and no other change', () => {
    const bytes = Buffer.from('{"a":"\ufffe\uffff","b":1.0}');
    const escaped = readEnvelope('{"event":{"a":"\\ufffe\\uffff","b":1.0}}');
    const reserialised = readEnvelope('{"event":{"a":"\\ufffe\\uffff","b":1}}');

    expect(typeof escaped !== 'string' && carries(escaped, bytes)).toBe(true);
    expect(typeof reserialised !== 'string' && carries(reserialised, bytes)).toBe(false);
  });

  it('wants JSON up to a depth of 64 in readable form, whatever its strings hold', () => {
    expect(mustBeSpliced(nested(64))).toBe(true);
    expect(mustBeSpliced(nested(65))).toBe(false);
    expect(mustBeSpliced(Buffer.from('"[{"'))).toBe(true);
    expect(mustBeSpliced(Buffer.from('{'))).toBe(false);
    expect(mustBeSpliced(Buffer.from([0x22, 0xff, 0x22]))).toBe(false);
  });
});

/** Lists in lists around a string full of brackets, which do not count. */
function nested(depth: number): Buffer {
  return Buffer.from(`${'['.repeat(depth)}"]]\\"{{"${']'.repeat(depth)}`);
}
