import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyRefused, outcomeOf, readAnswerBody, readRetryAfter } from '../../../lib/connectly/answer.ts';
import type { HttpResult } from '../../../lib/connectly/http.ts';
import { vendorErrors } from '../../../lib/connectly/vendor-errors.ts';

const now = Date.UTC(2026, 10, 22, 10);

function answered(status: number, body = '', retryAfter?: string): HttpResult {
  return { kind: 'answered', status, retryAfter, body };
}

const withCode = (code: string) =>
  JSON.stringify({ code, message: 'canary', cntTraceId: '11824978358485860716' });

/** The codes of Connectly's documentation, and what each means for the message: written down here once more. */
const documentedCodes: Readonly<Record<string, 'refused' | 'later' | 'configuration'>> = {
  ERROR_CODE_INVALID_SENDER_ID: 'refused',
  ERROR_CODE_PHONE_NUMBER_BAD_FORMAT: 'refused',
  ERROR_CODE_MESSAGE_ATTACHMENTS_NUMBER_INVALID: 'refused',
  ERROR_CODE_MESSAGE_TEXT_EMPTY: 'refused',
  ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND: 'refused',
  ERROR_CODE_MESSAGE_TEMPLATE_INPUT_INVALID: 'refused',
  ERROR_CODE_MESSAGE_ATTACHMENT_EMPTY: 'refused',
  ERROR_CODE_MESSAGE_ATTACHMENT_INVALID: 'refused',
  ERROR_CODE_BUSINESS_MISSES_MATCHING_CHANNEL: 'refused',
  ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW: 'refused',
  ERROR_CODE_BUSINESS_REACHED_LIMITS: 'later',
  ERROR_CODE_MESSAGE_SELF_INVALID: 'refused',
  ERROR_CODE_MESSAGE_PHONE_NUMBER_INVALID: 'refused',
  ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT: 'refused',
  ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION: 'refused',
  ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT: 'configuration',
  ERROR_CODE_MESSAGE_TEMPLATE_DELETED: 'refused',
};

const bodies = {
  none: '',
  page: '<html>Bad Gateway</html>',
  unknownCode: withCode('ERROR_CODE_BRAND_NEW'),
  unspecified: withCode('ERROR_CODE_UNSPECIFIED'),
  refused: withCode('ERROR_CODE_MESSAGE_TEXT_EMPTY'),
  later: withCode('ERROR_CODE_BUSINESS_REACHED_LIMITS'),
  configuration: withCode('ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT'),
  wrongKey: JSON.stringify({ code: 'ERROR_CODE_BRAND_NEW', type: 'ERROR_TYPE_AUTHENTICATION' }),
  object: '{"status":"queued"}',
  list: '[{"id":"V1"}]',
  id: '{"id":"V1"}',
  idAndCode: JSON.stringify({ id: 'V1', code: 'ERROR_CODE_MESSAGE_TEXT_EMPTY' }),
};
type BodyName = keyof typeof bodies;

const retryAfters: readonly (string | undefined)[] = [
  undefined,
  '0',
  '30',
  'Sun, 22 Nov 2026 10:01:00 GMT',
  'Sunday, 22-Nov-26 10:01:00 GMT',
  'soon 1',
  '-1',
  '1.5',
  '',
];
const readable = new Set(retryAfters.slice(1, 5));

/** The rule of each kind of outcome, said once more and in another form than the code: the first that holds counts. */
function expected(status: number, body: BodyName, retryAfter: string | undefined): string {
  if (status >= 200 && status <= 299) return expectedOf2xx(body);
  if (status === 503 && readable.has(retryAfter)) return 'not-sent';
  if (status < 200 || status >= 500 || status === 408) return 'unclear';
  if (body === 'refused' || body === 'idAndCode') return 'refused';
  if (body === 'later') return 'not-sent';
  if (body === 'configuration' || body === 'wrongKey') return 'not-sent, business';
  if (status === 429 || status === 425) return 'not-sent';
  if (status === 401) return 'not-sent, business';
  if ([400, 409, 413, 422].includes(status)) return 'refused';
  if (status < 400 || [402, 403, 404, 407].includes(status)) return 'not-sent, request';
  return body === 'unknownCode' ? 'refused' : 'not-sent, request';
}

/** Where Connectly says yes and no at once, its id decides. */
function expectedOf2xx(body: BodyName): string {
  switch (body) {
    case 'id':
    case 'idAndCode':
    case 'object':
      return 'accepted';
    case 'none':
    case 'page':
    case 'list':
    case 'unknownCode':
    case 'unspecified':
    case 'wrongKey':
      return 'unclear';
    case 'later':
      return 'not-sent';
    case 'configuration':
      return 'not-sent, business';
    case 'refused':
      return 'refused';
  }
}

describe('outcomeOf', () => {
  it('is total: every status, with every kind of body and Retry-After, ends in exactly the outcome of the table', () => {
    const wrong: string[] = [];

    for (let status = 100; status <= 599; status++) {
      for (const [name, body] of Object.entries(bodies)) {
        for (const retryAfter of retryAfters) {
          const outcome = outcomeOf(answered(status, body, retryAfter), now);
          const fault = 'configurationFault' in outcome ? `, ${outcome.configurationFault}` : '';
          const found = `${outcome.kind}${fault}`;
          const wanted = expected(
            status,
            Object.keys(bodies).find((key): key is BodyName => key === name) ?? 'none',
            retryAfter,
          );
          if (found !== wanted) wrong.push(`${status} ${name} ${retryAfter}: ${found}, not ${wanted}`);
        }
      }
    }

    expect(wrong).toEqual([]);
  });

  it('takes a connection that never stood for certainly not sent', () => {
    const outcome = outcomeOf({ kind: 'not-sent', reason: 'ECONNREFUSED' }, now);

    expect(outcome).toEqual({ kind: 'not-sent', code: 'connection-failed', fault: 'ECONNREFUSED' });
  });

  it('takes a missing answer for unclear', () => {
    const outcome = outcomeOf({ kind: 'no-answer', reason: 'deadline-passed' }, now);

    expect(outcome).toEqual({ kind: 'unclear', code: 'no-answer', fault: 'deadline-passed' });
  });

  it.each([200, 201, 202, 204, 299])('takes %i with an id for accepted, and keeps the id', (status) => {
    const outcome = outcomeOf(answered(status, '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}'), now);

    expect(outcome).toEqual({ kind: 'accepted', vendorId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', status });
  });

  it.each(['{}', '{"id":7}', '{"id":""}', '{"id":"a b"}', `{"id":"${'x'.repeat(129)}"}`])(
    'takes 200 with the body %s for accepted, without an id',
    (body) => {
      const outcome = outcomeOf(answered(200, body), now);

      expect(outcome).toEqual({ kind: 'accepted', vendorId: undefined, status: 200 });
    },
  );

  it.each(['', '[]', 'null', '7', '"V1"', '{"id":', '<html>Sign in</html>'])(
    'takes 200 with the body %s, which somebody else may have written, for unclear',
    (body) => {
      const outcome = outcomeOf(answered(200, body), now);

      expect(outcome).toEqual({ kind: 'unclear', code: 'connectly-200', status: 200 });
    },
  );

  it('takes 200 with a code that Connectly documents, and no id, for what the code says', () => {
    const outcomes = [bodies.refused, bodies.later, bodies.configuration].map((body) =>
      outcomeOf(answered(200, body), now),
    );

    expect(outcomes).toMatchObject([
      {
        kind: 'refused',
        code: 'ERROR_CODE_MESSAGE_TEXT_EMPTY',
        status: 200,
        traceId: '11824978358485860716',
      },
      { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS', retryAfterSeconds: 900 },
      { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', configurationFault: 'business' },
    ]);
  });

  it.each(['ERROR_CODE_UNSPECIFIED', 'ERROR_CODE_BRAND_NEW'])(
    'takes 200 with %s and no id for unclear: Connectly may have accepted the message',
    (code) => {
      const outcome = outcomeOf(answered(200, withCode(code)), now);

      expect(outcome).toMatchObject({ kind: 'unclear', code: 'connectly-200', status: 200 });
    },
  );

  it('takes 200 with an id for accepted, whatever code stands beside it', () => {
    const outcome = outcomeOf(answered(200, bodies.idAndCode), now);

    expect(outcome).toEqual({ kind: 'accepted', vendorId: 'V1', status: 200 });
  });

  it.each(Object.entries(documentedCodes))('knows what %s means: %s', (code, disposition) => {
    const outcome = outcomeOf(answered(400, withCode(code)), now);

    const kinds = { refused: 'refused', later: 'not-sent', configuration: 'not-sent' };
    expect(outcome).toMatchObject({ kind: kinds[disposition], code, traceId: '11824978358485860716' });
    expect('configurationFault' in outcome).toBe(disposition === 'configuration');
  });

  it('leaves a number that reached its limits alone for a quarter of an hour', () => {
    const outcome = outcomeOf(answered(400, bodies.later, '1'), now);

    expect(outcome).toMatchObject({ retryAfterSeconds: 900 });
  });

  it('waits as long as a 429 or a 503 asks', () => {
    const outcomes = [429, 503].map((status) => outcomeOf(answered(status, '', '30'), now));

    expect(outcomes).toEqual([
      { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 30, status: 429 },
      { kind: 'not-sent', code: 'connectly-503', retryAfterSeconds: 30, status: 503 },
    ]);
  });

  it("explains a refusal in our own words, never in the vendor's", () => {
    const outcomes = [400, 422].flatMap((status) =>
      Object.values(bodies).map((body) => outcomeOf(answered(status, body), now)),
    );

    expect(outcomes.length).toBe(24);
    expect(JSON.stringify(outcomes)).not.toContain('canary');
  });

  it('says of a known code what it means and what to do', () => {
    const outcome = outcomeOf(answered(400, bodies.refused), now);

    expect(outcome).toMatchObject({ message: 'The text is empty. Put something into "text".' });
  });

  it('says of a refusal that it does not know what to compare', () => {
    const outcome = outcomeOf(answered(422, bodies.page), now);

    expect(outcome).toMatchObject({
      message:
        'Connectly answered 422 without a code that this version knows. Compare the message with its API documentation.',
    });
  });

  it.each([100, 199, 408, 500, 503, 599])('tells which status left an outcome unclear: %i', (status) => {
    const outcome = outcomeOf(answered(status), now);

    expect(outcome).toEqual({ kind: 'unclear', code: `connectly-${status}`, status });
  });

  it('names an unknown code, or the status without one', () => {
    const outcomes = [
      outcomeOf(answered(400, bodies.unknownCode), now),
      outcomeOf(answered(422, bodies.page), now),
    ];

    expect(outcomes).toMatchObject([
      { kind: 'refused', code: 'ERROR_CODE_BRAND_NEW' },
      { kind: 'refused', code: 'connectly-422' },
    ]);
  });

  it.each([
    'constructor',
    'toString',
    '__proto__',
    'error_code_x',
    'ERROR_CODE_',
    'ERROR_CODE_A B',
    'AN_ERROR_CODE_A',
    7,
    null,
  ])('takes the code %j for no code at all', (code) => {
    const outcome = outcomeOf(answered(400, JSON.stringify({ code })), now);

    expect(outcome).toMatchObject({ kind: 'refused', code: 'connectly-400' });
  });

  it.each([
    ['ERROR_TYPE_AUTHENTICATION', 400, 'business'],
    ['ERROR_TYPE_UNAUTHENTICATED', 403, 'business'],
    ['ERROR_TYPE_PERMISSION_DENIED', 401, 'business'],
    ['ERROR_TYPE_PERMISSION_DENIED', 403, 'request'],
    ['ERROR_TYPE_UNAUTHORIZED', 400, 'request'],
  ])(
    'keeps a message whose refusal is of the type %s, with %i, asks for a newer key, and blames the %s',
    (type, status, fault) => {
      const answer = answered(status, JSON.stringify({ type }));

      const outcome = outcomeOf(answer, now);

      expect(outcome).toMatchObject({
        kind: 'not-sent',
        code: `connectly-${status}`,
        configurationFault: fault,
      });
      expect(isKeyRefused(answer)).toBe(true);
    },
  );

  it.each([
    'ERROR_TYPE_DEADLINE_EXCEEDED',
    'ERROR_TYPE_NOT_ERROR_TYPE_AUTHENTICATION',
    'AN_ERROR_TYPE_AUTHENTICATION',
    'ERROR_TYPE_AUTHENTICATION canary',
    'ERROR_TYPE_',
    7,
  ])('blames no key for the type %j', (type) => {
    const answer = answered(400, JSON.stringify({ type }));

    const outcome = outcomeOf(answer, now);

    expect(outcome.kind).toBe('refused');
    expect(isKeyRefused(answer)).toBe(false);
  });

  it('believes a code about the message more than a type', () => {
    const body = JSON.stringify({ code: 'ERROR_CODE_MESSAGE_TEXT_EMPTY', type: 'ERROR_TYPE_AUTHENTICATION' });

    const outcome = outcomeOf(answered(400, body), now);

    expect(outcome.kind).toBe('refused');
  });

  it('tells the status of every answer, for the log', () => {
    const statuses = [200, 302, 400, 401, 408, 429, 500, 503];

    const outcomes = statuses.map((status) => outcomeOf(answered(status, '{}'), now));

    expect(outcomes.map((outcome) => 'status' in outcome && outcome.status)).toEqual(statuses);
  });

  it('decides on the code, never on words in the text', () => {
    const body = JSON.stringify({
      message: 'ERROR_CODE_BUSINESS_REACHED_LIMITS',
      type: 'ERROR_TYPE_DEADLINE_EXCEEDED',
    });

    const outcome = outcomeOf(answered(400, body), now);

    expect(outcome).toMatchObject({ kind: 'refused', code: 'connectly-400' });
  });
});

describe('isKeyRefused', () => {
  it.each<[HttpResult, boolean]>([
    [answered(401), true],
    [answered(403, bodies.wrongKey), true],
    [answered(400, bodies.unknownCode), false],
    [answered(403), false],
    [answered(404), false],
    [answered(200, bodies.wrongKey), false],
    [answered(299, bodies.wrongKey), false],
    [answered(300, bodies.wrongKey), true],
    [answered(500, bodies.wrongKey), false],
    // Unclear, whatever it says: a second request could be a second message.
    [answered(408, bodies.wrongKey), false],
    [{ kind: 'no-answer', reason: 'ECONNRESET' }, false],
    [{ kind: 'not-sent', reason: 'ECONNREFUSED' }, false],
  ])('says of %o: %s', (result, expectation) => {
    const isRefused = isKeyRefused(result);

    expect(isRefused).toBe(expectation);
  });
});

describe('vendorErrors', () => {
  it('holds every documented code and no other', () => {
    const codes = Object.keys(vendorErrors);

    expect(codes.toSorted()).toEqual(Object.keys(documentedCodes).toSorted());
  });

  it('says for each code what it means and what to do', () => {
    const texts = Object.values(vendorErrors).flatMap(({ meaning, remedy }) => [meaning, remedy]);

    expect(texts.filter((text) => !/^[A-Z].{10,}\.$/.test(text))).toEqual([]);
  });
});

describe('readAnswerBody', () => {
  it.each([
    ['{}', true],
    ['[]', false],
    ['null', false],
    ['', false],
    ['<html>', false],
  ])('says whether %j is an object: %s', (body, isObject) => {
    const read = readAnswerBody(body);

    expect(read.isObject).toBe(isObject);
  });

  it('keeps a trace id that is longer than a number can be', () => {
    const { traceId } = readAnswerBody(withCode('ERROR_CODE_X'));

    expect(traceId).toBe('11824978358485860716');
  });

  it.each([11824978358, 'abc', '', '1'.repeat(41), null, { a: 1 }])('drops the trace id %j', (cntTraceId) => {
    const { traceId } = readAnswerBody(JSON.stringify({ cntTraceId }));

    expect(traceId).toBeUndefined();
  });

  it.each(['AN_ERROR_TYPE_X', 'ERROR_TYPE_X ', 'ERROR_TYPE_', 'error_type_x'])(
    'drops the type %j',
    (value) => {
      const { type } = readAnswerBody(JSON.stringify({ type: value }));

      expect(type).toBeUndefined();
    },
  );

  it('gives nothing but safe characters, whatever the body is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((json) => `{"id":${json},"code":${json}}`),
        ),
        (body) => {
          const parts = Object.values(readAnswerBody(body)).filter((part) => typeof part === 'string');

          expect(parts.every((part) => /^[\w-]+$/.test(part))).toBe(true);
        },
      ),
    );
  });
});

describe('readRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    [' 5 ', 5],
    ['999999999', 999_999_999],
    ['Sun, 22 Nov 2026 10:01:00 GMT', 60],
    ['Sunday, 22-Nov-26 10:01:00 GMT', 60],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
  ])('reads %j as %i seconds', (header, seconds) => {
    const read = readRetryAfter(header, now);

    expect(read).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    'soon 1',
    'after 5',
    'Mon garbage 1',
    '1234567890',
    'Sun, 99 Foo 2026 10:01:00 GMT',
    '2026-11-22T10:01:00Z',
  ])('makes nothing of %j', (header) => {
    const read = readRetryAfter(header, now);

    expect(read).toBeUndefined();
  });

  it('rounds a part of a second up, so that nobody comes back too early', () => {
    const read = readRetryAfter('Sun, 22 Nov 2026 10:01:00 GMT', now + 1);

    expect(read).toBe(60);
  });
});
