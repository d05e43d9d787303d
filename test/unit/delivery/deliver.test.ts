import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CopyNote,
  createDeliver,
  type DeliverySettings,
  type QueuedMessage,
} from '../../../lib/delivery/deliver.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';

const queuedAt = Date.UTC(2026, 10, 22, 10);
const hourMs = 60 * 60 * 1000;
const text = { type: 'text', to: '+15555555555', text: 'hello!' };

interface Setup {
  readonly outcome?: Outcome | Error;
  readonly settings?: Partial<DeliverySettings>;
  readonly now?: number;
  readonly failing?: 'deadLetter' | 'park' | 'comeBackIn';
  readonly canFinish?: boolean;
}

/** The use case between ports that write down, in order, what was asked of them. */
function scene(setup: Setup = {}) {
  const calls: unknown[][] = [];
  const outcome = setup.outcome ?? { kind: 'accepted', vendorId: 'V1' };
  const deliver = createDeliver({
    sender: {
      send: async (message, businessId) => {
        calls.push(['send', message.to, businessId]);
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
    settings: { businessId: 'business-1', ifUnclear: 'hold', onlyTo: undefined, ...setup.settings },
    now: () => setup.now ?? queuedAt,
    random: () => 0.5,
  });
  const effect = (name: Setup['failing'], argument: CopyNote | number) => {
    calls.push([name, argument]);
    return setup.failing === name ? Promise.reject(new Error('SQS is down')) : Promise.resolve();
  };
  const run = (message: unknown = text, queued: Partial<QueuedMessage> = {}) =>
    deliver(
      {
        body: typeof message === 'string' ? message : JSON.stringify(message),
        originalId: 'sqs-1',
        expiresAt: undefined,
        queuedAt,
        receiveCount: 1,
        ...queued,
      },
      {
        deadLetter: (note) => effect('deadLetter', note),
        park: (note) => effect('park', note),
        comeBackIn: (seconds) => effect('comeBackIn', seconds),
      },
      () => setup.canFinish ?? true,
    );
  return { run, calls };
}

const sent = ['send', '+15555555555', 'business-1'];
const note = { originalId: 'sqs-1', expiresAt: queuedAt + 4 * hourMs };

describe('an accepted message', () => {
  it.each(['V1', undefined])("is acknowledged, with the vendor's id %s", async (vendorId) => {
    const { run, calls } = scene({ outcome: { kind: 'accepted', vendorId } });

    const delivery = await run();

    expect(delivery).toMatchObject({
      acknowledge: true,
      outcome: { kind: 'accepted', vendorId },
      message: text,
    });
    expect(calls).toEqual([sent]);
  });
});

describe('a refused message', () => {
  const outcome: Outcome = { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.', traceId: '123' };

  it('is copied to the dead-letter queue with its reason, then acknowledged', async () => {
    const { run, calls } = scene({ outcome });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome });
    expect(calls).toMatchObject([
      sent,
      ['deadLetter', { ...note, code: 'ERROR_CODE_X', message: 'Ours.', traceId: '123' }],
    ]);
  });

  it('is never acknowledged when the copy fails', async () => {
    const { run } = scene({ outcome, failing: 'deadLetter' });

    const delivery = run();

    await expect(delivery).rejects.toThrow('SQS is down');
  });

  it.each(['', '{', '{"type":"text"}', JSON.stringify({ ...text, txt: 'typo' })])(
    'is one whose body is %j: it reaches the dead-letter queue and Connectly never',
    async (body) => {
      const { run, calls } = scene();

      const delivery = await run(body);

      expect(delivery).toMatchObject({
        acknowledge: true,
        outcome: { kind: 'refused', code: 'message-invalid' },
      });
      expect(calls).toMatchObject([['deadLetter', { ...note, code: 'message-invalid' }]]);
      expect(delivery.message).toBeUndefined();
    },
  );

  it('is one without a business, in itself and in the settings', async () => {
    const { run, calls } = scene({ settings: { businessId: undefined } });

    await run();

    expect(calls).toMatchObject([['deadLetter', { code: 'business-missing' }]]);
  });

  it('is one to somebody whom this stage does not send to', async () => {
    const { run, calls } = scene({ settings: { onlyTo: new Set(['+1999', 'US.1']) } });

    await run();

    expect(calls).toMatchObject([['deadLetter', { code: 'recipient-not-allowed' }]]);
  });

  it('says nothing about the recipient in its reason', async () => {
    const { run, calls } = scene({ settings: { onlyTo: new Set(['+1999']) } });

    await run();

    expect(JSON.stringify(calls)).not.toContain('5555555');
  });
});

describe('the recipients of a stage', () => {
  it('are sent to when the setting names them', async () => {
    const { run, calls } = scene({ settings: { onlyTo: new Set(['+15555555555']) } });

    await run();

    expect(calls).toEqual([sent]);
  });
});

describe('the business', () => {
  it('of the message comes before that of the settings', async () => {
    const { run, calls } = scene();

    const delivery = await run({ ...text, businessId: 'business-2' });

    expect(calls).toEqual([['send', '+15555555555', 'business-2']]);
    expect(delivery.businessId).toBe('business-2');
  });
});

describe('an expired message', () => {
  it.each([
    ['4 hours after it was queued', {}, {}, 4 * hourMs],
    ['at its own time', { expiresAt: new Date(queuedAt + hourMs).toISOString() }, {}, hourMs],
    [
      'at its own time, even when that lies after the 4 hours',
      { expiresAt: new Date(queuedAt + 9 * hourMs).toISOString() },
      {},
      9 * hourMs,
    ],
    ['at the time that its first copy was given', {}, { expiresAt: queuedAt + 2 * hourMs }, 2 * hourMs],
    [
      'at the time that its first copy was given, not a later one of its own',
      { expiresAt: new Date(queuedAt + 9 * hourMs).toISOString() },
      { expiresAt: queuedAt + 2 * hourMs },
      2 * hourMs,
    ],
  ])('is refused from %s on, and sent a millisecond before', async (_, fields, queued, lifeMs) => {
    const early = scene({ now: queuedAt + lifeMs - 1 });
    const late = scene({ now: queuedAt + lifeMs });

    await early.run({ ...text, ...fields }, queued);
    await late.run({ ...text, ...fields }, queued);

    expect(early.calls).toEqual([sent]);
    expect(late.calls).toMatchObject([['deadLetter', { code: 'expired', expiresAt: queuedAt + lifeMs }]]);
  });
});

describe('a message that was not sent', () => {
  it('comes back as the retry policy says, and is not acknowledged', async () => {
    const { run, calls } = scene({ outcome: { kind: 'not-sent', code: 'connection-failed' } });

    const delivery = await run(text, { receiveCount: 3 });

    expect(delivery).toMatchObject({ acknowledge: false, retryInSeconds: 10 });
    expect(calls).toEqual([sent, ['comeBackIn', 10]]);
  });

  it('comes back when the server asked for it', async () => {
    const { run, calls } = scene({
      outcome: { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 100 },
    });

    await run();

    expect(calls).toEqual([sent, ['comeBackIn', 105]]);
  });

  it('is not acknowledged when its visibility cannot be changed', async () => {
    const { run } = scene({ outcome: { kind: 'not-sent', code: 'x' }, failing: 'comeBackIn' });

    const delivery = run();

    await expect(delivery).rejects.toThrow('SQS is down');
  });

  it('is one that could not be finished in time: nothing leaves, and it comes back soon', async () => {
    const { run, calls } = scene({ canFinish: false });

    const delivery = await run();

    expect(delivery).toMatchObject({
      acknowledge: false,
      outcome: { kind: 'not-sent', code: 'no-time-left' },
    });
    expect(calls).toEqual([['comeBackIn', 2]]);
  });
});

describe('an unclear message', () => {
  const outcome: Outcome = { kind: 'unclear', code: 'no-answer', traceId: '123' };

  it.each(['hold', 'settle'] as const)(
    'is copied to the outcomes queue under %s, then acknowledged',
    async (ifUnclear) => {
      const { run, calls } = scene({ outcome, settings: { ifUnclear } });

      const delivery = await run();

      expect(delivery).toMatchObject({ acknowledge: true, outcome });
      expect(calls).toMatchObject([sent, ['park', { ...note, code: 'no-answer', traceId: '123' }]]);
    },
  );

  it('is never acknowledged when the copy fails', async () => {
    const { run } = scene({ outcome, failing: 'park' });

    const delivery = run();

    await expect(delivery).rejects.toThrow('SQS is down');
  });

  it('comes back under resend', async () => {
    const { run, calls } = scene({ outcome, settings: { ifUnclear: 'resend' } });

    const delivery = await run(text, { receiveCount: 2 });

    expect(delivery).toMatchObject({ acknowledge: false, retryInSeconds: 5 });
    expect(calls).toEqual([sent, ['comeBackIn', 5]]);
  });

  it.each([
    ['resend', 'hold', 'comeBackIn'],
    ['hold', 'resend', 'park'],
  ] as const)("follows its own %s against the deployment's %s", async (own, ofDeployment, effect) => {
    const { run, calls } = scene({ outcome, settings: { ifUnclear: ofDeployment } });

    await run({ ...text, ifUnclear: own });

    expect(calls.map(([name]) => name)).toEqual(['send', effect]);
  });
});

describe('a bug', () => {
  it('while sending is never acknowledged and has no effect on a queue', async () => {
    const { run, calls } = scene({ outcome: new TypeError('bug') });

    const delivery = run();

    await expect(delivery).rejects.toThrow('bug');
    expect(calls).toEqual([sent]);
  });
});

describe('every delivery', () => {
  const outcomes = fc.oneof(
    fc.record({ kind: fc.constant('accepted' as const), vendorId: fc.constantFrom('V1', undefined) }),
    fc.record({ kind: fc.constant('refused' as const), code: fc.string(), message: fc.string() }),
    fc.record({ kind: fc.constant('not-sent' as const), code: fc.string(), retryAfterSeconds: fc.nat() }),
    fc.record({ kind: fc.constant('unclear' as const), code: fc.string() }),
  );

  it('has one effect at most, and is acknowledged only after what must outlive it was stored', async () => {
    const settings = fc.record({
      ifUnclear: fc.constantFrom('hold' as const, 'settle' as const, 'resend' as const),
    });
    const failing = fc.constantFrom('deadLetter' as const, 'park' as const, 'comeBackIn' as const, undefined);

    await fc.assert(
      fc.asyncProperty(outcomes, settings, failing, async (outcome, change, broken) => {
        const { run, calls } = scene({
          outcome,
          settings: change,
          ...(broken !== undefined && { failing: broken }),
        });

        const acknowledged = await run().then(
          (delivery) => delivery.acknowledge,
          () => false,
        );

        const [effect, ...more] = calls.slice(1).map(([name]) => name);
        const stored =
          effect === undefined ? outcome.kind === 'accepted' : effect !== 'comeBackIn' && effect !== broken;
        expect(more).toEqual([]);
        expect(acknowledged).toBe(stored);
      }),
    );
  });
});
