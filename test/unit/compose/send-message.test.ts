import { describe, expect, it } from 'vitest';
import { composeSendMessage } from '../../../lib/compose/send-message.ts';
import { timeForOneMessageMs } from '../../../lib/delivery/time.ts';
import {
  answered,
  deliveryConfig,
  inTime,
  lineAtStart,
  recordOf,
  startedAt,
  type TestOutside,
  testOutside,
} from './outside.ts';

const config = {
  ...deliveryConfig,
  apiKeySecretArn: 'api-key',
  connectlyBaseUrl: new URL('https://api.connectly.ai'),
  senderNumber: '+15559999999',
  ratePerSecond: 100,
  returnsPerSecond: 0.1,
  laneRates: { business: undefined, number: undefined },
  window: 10,
} as const;
type Config = Parameters<typeof composeSendMessage>[0];
const none = { batchItemFailures: [] };
const minuteMs = 60_000;

const message = { type: 'text', to: '+15550001111', text: 'hello' };
const expiringAt = (at: number) => ({ ...message, expiresAt: new Date(at).toISOString() });

const context = (remainingMs = minuteMs) => ({
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => remainingMs,
});

/** The function in an environment of its own. */
function compose(change: Partial<Config> = {}) {
  const outside = testOutside();
  return { outside, handle: composeSendMessage({ ...config, ...change }, outside) };
}

/** An environment whose key has been refused: it sends nothing any more. */
async function paused() {
  const composed = compose();
  composed.outside.connectly = () => answered(401);
  await composed.handle({ Records: [recordOf(message)] }, context());
  return composed;
}

const items = ({ items: all }: TestOutside) => [...all.values()];

describe('the composed send-message', () => {
  it('posts a message with the key, writes its end into the ledger, acknowledges it and writes its line', async () => {
    const { outside, handle } = compose();

    const answer = await handle({ Records: [recordOf(message, { sentAt: startedAt - 2_000 })] }, context());

    expect(answer).toEqual(none);
    expect(outside.reads).toEqual(['api-key']);
    expect(outside.requests).toMatchObject([
      {
        method: 'POST',
        url: new URL('https://api.connectly.ai/v1/businesses/business-1/send/messages'),
        headers: { 'X-API-Key': 'key' },
        body: expect.stringContaining('"+15559999999"'),
      },
    ]);
    expect(items(outside)).toMatchObject([{ state: { S: 'SENT' }, attempt: { S: 'attempt-1' } }]);
    expect(outside.lines).toEqual([
      expect.objectContaining({
        event: 'attempt',
        ...lineAtStart,
        sqsMessageId: 'sqs-1',
        result: 'accepted',
        vendorId: 'V1',
        secondsInQueue: 2,
        durationMs: 0,
        _aws: expect.objectContaining({ Timestamp: startedAt }),
      }),
    ]);
  });

  it('counts what it gives up among the troubles, too', async () => {
    const { outside, handle } = compose();
    outside.connectly = () => answered(400);

    await handle({ Records: [recordOf(message)] }, context());

    expect(outside.lines).toMatchObject([{ result: 'refused' }]);
    expect(JSON.stringify(outside.lines[0])).toContain('"Namespace":"connectly-relay/given-up"');
  });

  it('says in its line how long it took, by the clock that it is given', async () => {
    const { outside, handle } = compose();
    outside.connectly = async () => {
      await outside.clock.advance(70);
      return answered(201, '{"id":"V1"}');
    };

    await handle({ Records: [recordOf(message)] }, context());

    expect(outside.lines).toMatchObject([{ durationMs: 70 }]);
  });

  it('gives each request eight seconds, and the clock that it is given', async () => {
    const { outside } = compose();

    await outside.clock.advance(70);

    expect(outside.httpOptions).toMatchObject([{ deadlineMs: 8_000 }]);
    expect(outside.httpOptions[0]?.now()).toBe(startedAt + 70);
  });

  it('claims a message for a lease of 90 seconds while it is sent', async () => {
    const { outside, handle } = compose();
    let claimed: unknown;
    outside.connectly = () => {
      claimed = items(outside)[0];
      return answered(201, '{}');
    };

    await handle({ Records: [recordOf(message)] }, context());

    expect(claimed).toMatchObject({ state: { S: 'SENDING' }, leaseUntil: { N: String(startedAt + 90_000) } });
  });

  it.each([
    ['is refused', {}, 400, { queue: 'dlq' }, 'refused'],
    ['has no certain outcome, under hold,', {}, 500, { queue: 'outcomes' }, 'unclear'],
    [
      'has no certain outcome, under resend,',
      { ifUnclear: 'resend' },
      500,
      { queue: 'sends', hiddenSeconds: 3 },
      'unclear',
    ],
    ['is not sent', {}, 429, { queue: 'sends', hiddenSeconds: 3 }, 'not-sent'],
  ] as const)('brings a message that %s to its queue', async (_, change, status, call, result) => {
    const { outside, handle } = compose(change);
    outside.connectly = () => answered(status);

    const answer = await handle({ Records: [recordOf(message)] }, context());

    expect(answer.batchItemFailures).toHaveLength(call.queue === 'sends' ? 1 : 0);
    expect(outside.queueCalls).toMatchObject([call]);
    expect(outside.lines).toMatchObject([{ event: 'attempt', level: 'warn', result }]);
  });

  it.each([
    ['a business', { businessId: undefined }, 'business-missing'],
    ['its recipients', { onlyTo: new Set(['+15550002222']) }, 'recipient-not-allowed'],
  ])('looks for %s in its settings', async (_, change, code) => {
    const { outside, handle } = compose(change);

    await handle({ Records: [recordOf(message)] }, context());

    expect(outside.lines).toMatchObject([{ result: 'refused', code }]);
    expect(outside.requests).toEqual([]);
  });

  it.each([
    [timeForOneMessageMs, { event: 'attempt', result: 'accepted' }, 1],
    [timeForOneMessageMs - 1, { event: 'untouched', code: 'no-time-left', count: 1 }, 0],
  ] as const)('with %i ms left has a line %o', async (remainingMs, line, requests) => {
    const { outside, handle } = compose();

    await handle({ Records: [recordOf(message)] }, context(remainingMs));

    expect(outside.lines).toMatchObject([line]);
    expect(outside.requests).toHaveLength(requests);
  });

  it('paces the requests by its clock, and has no more under way than the window', async () => {
    const { outside, handle } = compose({ ratePerSecond: 2, window: 2 });
    outside.connectly = () =>
      new Promise((resolve) => void outside.clock.after(2_400, () => resolve(answered(201, '{}'))));
    const records = ['1', '2', '3'].map((id) => recordOf({ ...message, to: `+1555000222${id}` }, { id }));
    const begun: number[] = [];

    const handled = handle({ Records: records }, context());
    for (let passed = 0; passed <= 5_000; passed += 250) {
      begun.push(outside.requests.length);
      await outside.clock.advance(250);
    }

    await expect(handled).resolves.toEqual(none);
    // The second half a second later, the third when the first is answered.
    expect([begun.indexOf(1), begun.indexOf(2), begun.indexOf(3)].map((step) => step * 250)).toEqual([
      250, 500, 2_500,
    ]);
  });

  it('leaves a message on its queue when it cannot be copied, with an error in the log', async () => {
    const { outside, handle } = compose();
    outside.connectly = () => answered(400);
    outside.fault = (service) => (service === 'sqs' ? new Error('The queue is full.') : undefined);

    const answer = await handle({ Records: [recordOf(message)] }, context());

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-1' }] });
    expect(outside.lines).toMatchObject([
      {
        event: 'attempt-failed',
        level: 'error',
        requestId: 'request-1',
        sqsMessageId: 'sqs-1',
        result: 'refused',
      },
    ]);
  });

  it('leaves a record that it cannot handle on its queue, with an error in the log, and sends the others', async () => {
    const { outside, handle } = compose();
    const broken = { ...recordOf(message, { id: 'sqs-2' }), body: undefined };

    const answer = await handle({ Records: [broken, recordOf(message)] }, context());

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-2' }] });
    expect(outside.lines).toMatchObject([
      {
        event: 'attempt-failed',
        level: 'error',
        requestId: 'request-1',
        sqsMessageId: 'sqs-2',
        errorName: 'TypeError',
      },
      { event: 'attempt', sqsMessageId: 'sqs-1', result: 'accepted' },
    ]);
  });

  it('says so when the end of a send cannot be written down', async () => {
    const { outside, handle } = compose();
    outside.fault = (service) =>
      service === 'dynamoDb' && outside.requests.length > 0 ? new Error('It is away.') : undefined;

    const answer = await handle({ Records: [recordOf(message)] }, context());

    expect(answer).toEqual(none);
    expect(outside.lines).toMatchObject([
      { event: 'attempt-unrecorded', level: 'error', code: 'ledger-unavailable' },
      { event: 'attempt', result: 'accepted' },
    ]);
  });

  it('serves an old key with a warning when it cannot be read again', async () => {
    const { outside, handle } = compose();
    await handle({ Records: [recordOf(message)] }, context());
    await outside.clock.advance(6 * minuteMs);
    outside.fault = (service) => (service === 'secretsManager' ? new Error('It is away.') : undefined);

    await handle({ Records: [recordOf(message, { id: 'sqs-2' })] }, context());

    expect(outside.lines).toMatchObject([
      { result: 'accepted' },
      { event: 'secret-served-stale', level: 'warn', code: 'secret-unavailable' },
      { result: 'accepted' },
    ]);
  });
});

describe('the composed send-message while its key is refused', () => {
  const pausedAt = new Date(startedAt).toISOString();

  it('keeps messages, and says so in one line for all of a batch', async () => {
    const { outside, handle } = await paused();
    const records = ['2', '3', '4'].map((id, index) =>
      recordOf({ ...message, to: `+1555000222${index}` }, { id }),
    );

    const answer = await handle({ Records: records }, context());

    expect(answer.batchItemFailures).toEqual(['2', '3', '4'].map((id) => ({ itemIdentifier: id })));
    expect(outside.lines).toMatchObject([
      { event: 'paused', level: 'warn', code: 'business-paused', cause: 'connectly-401', since: pausedAt },
      { event: 'attempt', level: 'error', code: 'connectly-401' },
      {
        event: 'untouched',
        level: 'warn',
        requestId: 'request-1',
        code: 'business-paused',
        cause: 'connectly-401',
        since: pausedAt,
        nextTryAt: outside.lines[0]?.['nextTryAt'],
        count: 3,
        _aws: expect.anything(),
      },
    ]);
    expect(outside.lines[2]).not.toHaveProperty('sqsMessageId');
  });

  it('hides them until the next try, each at its place in the line behind the one that was refused', async () => {
    const { outside, handle } = await paused();
    const records = ['2', '3'].map((id, index) =>
      recordOf({ ...message, to: `+1555000222${index}` }, { id }),
    );

    await handle({ Records: records }, context());

    const nextTry = Date.parse(String(outside.lines[0]?.['nextTryAt']));
    const seconds = (place: number) => Math.ceil((nextTry - startedAt) / 1000 + place * 10);
    expect(outside.queueCalls).toMatchObject([0, 1, 2].map((place) => ({ hiddenSeconds: seconds(place) })));
  });

  it('has a line for each reason for which messages were not tried', async () => {
    const { outside, handle } = await paused();
    const other = { ...message, businessId: 'business-2' };
    const records = [message, other, { ...other, id: 'x' }].map((each, index) =>
      recordOf(each, { id: String(index) }),
    );

    await handle({ Records: records }, context(0));

    expect(outside.lines.slice(2).map(({ code, count }) => [code, count])).toEqual([
      ['business-paused', 1],
      ['no-time-left', 1],
      ['waits-for-earlier', 1],
    ]);
    expect(outside.lines.find(({ code }) => code === 'no-time-left')).not.toHaveProperty('cause');
  });

  it('has a line for each cause, where two businesses are paused', async () => {
    const { outside, handle } = await paused();
    const other = { ...message, businessId: 'business-2' };
    outside.connectly = () => answered(403, '{"code":"ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT"}');
    await inTime(outside, handle({ Records: [recordOf(other, { id: '2' })] }, context()));
    const before = outside.lines.length;

    await handle({ Records: [recordOf(message, { id: '3' }), recordOf(other, { id: '4' })] }, context());

    expect(outside.lines.slice(before)).toMatchObject([
      { code: 'business-paused', cause: 'connectly-401', count: 1 },
      { code: 'business-paused', cause: 'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', count: 1 },
    ]);
  });

  it('says which probe has failed that keeps sending paused', async () => {
    const { outside, handle } = await paused();
    await outside.clock.advance(minuteMs);

    await handle({ Records: [recordOf(message, { id: 'sqs-2' })] }, context());

    expect(outside.requests.at(-1)?.method).toBe('GET');
    expect(outside.lines.slice(2)).toMatchObject([
      { event: 'probe-failed', level: 'warn', code: 'connectly-401', _aws: expect.anything() },
      { event: 'paused', code: 'business-paused', cause: 'connectly-401' },
      { event: 'untouched', code: 'business-paused', count: 1 },
    ]);
  });

  it('says nothing of a probe that Connectly answers, sends again, and says that it does', async () => {
    const { outside, handle } = await paused();
    outside.connectly = () => answered(200, '{"id":"V1"}');
    await outside.clock.advance(minuteMs);

    const handling = handle({ Records: [recordOf(message, { id: 'sqs-2' })] }, context());
    await inTime(outside, handling);

    expect(outside.requests.slice(1).map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(outside.lines.slice(2)).toMatchObject([
      {
        event: 'resumed',
        level: 'warn',
        code: 'business-paused',
        cause: 'connectly-401',
        since: pausedAt,
      },
      { event: 'attempt', result: 'accepted' },
    ]);
    expect(outside.lines[2]).not.toHaveProperty('nextTryAt');
  });

  it('tells of what has expired at once, at its pace', async () => {
    const { outside, handle } = await paused();
    const expired = recordOf(expiringAt(startedAt + minuteMs), { id: 'sqs-2' });
    await outside.clock.advance(minuteMs);

    const answer = await handle({ Records: [expired] }, context());

    expect(answer).toEqual(none);
    expect(outside.queueCalls.at(-1)).toMatchObject({
      queue: 'dlq',
      attributes: { 'error.code': 'expired' },
    });
    expect(outside.requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });
});

describe('the composed send-message', () => {
  it('sends the messages of a batch to one recipient in the order in which they were queued', async () => {
    const { outside, handle } = compose();
    const texts = ['third', 'first', 'second'];
    const sentAt = [startedAt - 100, startedAt - 300, startedAt - 200];
    const records = texts.map((text, index) =>
      recordOf({ ...message, text }, { id: text, sentAt: sentAt[index] ?? 0 }),
    );

    await inTime(outside, handle({ Records: records }, context()));

    expect(outside.requests.map(({ body = '' }) => /first|second|third/.exec(body)?.[0])).toEqual([
      'first',
      'second',
      'third',
    ]);
  });

  it('sends nothing to a recipient behind a message that failed for a reason that nobody thought of', async () => {
    const outside = testOutside();
    let ids = 0;
    const newId = () => {
      ids += 1;
      if (ids === 1) throw new TypeError('bug');
      return `attempt-${ids}`;
    };
    const handle = composeSendMessage(config, { ...outside, newId });
    const records = ['sqs-1', 'sqs-2'].map((id, index) =>
      recordOf({ ...message, text: id }, { id, sentAt: startedAt - 100 + index }),
    );

    const answer = await inTime(outside, handle({ Records: records }, context()));

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'sqs-1' }, { itemIdentifier: 'sqs-2' }]);
    expect(outside.requests).toEqual([]);
    expect(outside.lines).toContainEqual(expect.objectContaining({ code: 'waits-for-earlier' }));
  });

  it('gives each number its rate, where the message or the stage names one', async () => {
    const { outside, handle } = compose({ laneRates: { business: undefined, number: 1 } });
    const records = [{ from: '+15559999999' }, {}, { from: '+15558888888' }].map((from, index) =>
      recordOf({ ...message, ...from, to: `+1555000222${index}` }, { id: String(index) }),
    );
    const begun: number[] = [];

    const handled = handle({ Records: records }, context());
    for (let passed = 0; passed <= 1_200; passed += 100) {
      await outside.clock.advance(100);
      begun.push(outside.requests.length);
    }

    await expect(handled).resolves.toEqual(none);
    // The default number is the first one's, too: its second message waits for a second.
    expect(begun.slice(0, 3).at(-1)).toBe(2);
    expect(begun.at(-1)).toBe(3);
  });
});
