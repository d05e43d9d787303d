import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import { hourMs, queuedAt, scene, text } from './delivery-scene.ts';

const claimed = ['claim', expect.any(String), false];
const sent = ['send', '+15555555555', 'business-1'];
const note = { originalId: 'sqs-1', expiresAt: queuedAt + 4 * hourMs };
const notAccepted = ['finish', { known: 'not-accepted' }];

/** A delivery that still tells its outcome, although the effect behind it has failed. */
const failed = (effect: string, outcome: object) => ({
  acknowledge: false,
  outcome,
  failure: new Error(`${effect} failed`),
});

describe('an accepted message', () => {
  it.each(['V1', undefined])(
    "is claimed, sent, written down with the vendor's id %s, and then acknowledged",
    async (vendorId) => {
      const { run, calls, askedInTurn } = scene({ outcome: { kind: 'accepted', vendorId } });

      const delivery = await run();

      expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'accepted', vendorId } });
      expect(delivery.sendable).toMatchObject({ message: text, businessId: 'business-1' });
      expect(calls).toEqual([claimed, sent, ['finish', { known: 'accepted', vendorId }]]);
      expect(askedInTurn()).toBe(true);
    },
  );

  it('is acknowledged even if the ledger cannot be written, and somebody is told', async () => {
    const { run, unrecorded } = scene({ failing: 'finish' });

    const delivery = await run();

    expect(delivery.acknowledge).toBe(true);
    expect(unrecorded).toEqual([new Error('finish failed')]);
  });
});

describe('a refused message', () => {
  const outcome: Outcome = { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.', traceId: '123' };

  it('is copied to the dead-letter queue with its reason, then written down, then acknowledged', async () => {
    const { run, calls } = scene({ outcome });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome });
    expect(calls).toEqual([
      claimed,
      sent,
      [
        'deadLetter',
        expect.objectContaining({ ...note, code: 'ERROR_CODE_X', message: 'Ours.', traceId: '123' }),
      ],
      notAccepted,
    ]);
  });

  it('is written down but not acknowledged when the copy fails: it is still on its queue', async () => {
    const { run, names } = scene({ outcome, failing: 'deadLetter' });

    const delivery = await run();

    expect(delivery).toMatchObject(failed('deadLetter', outcome));
    expect(names()).toEqual(['claim', 'send', 'deadLetter', 'finish']);
  });

  it('is acknowledged even if the ledger cannot be written', async () => {
    const { run, unrecorded } = scene({ outcome, failing: 'finish' });

    const delivery = await run();

    expect(delivery.acknowledge).toBe(true);
    expect(unrecorded).toHaveLength(1);
  });

  it.each(['', '{', '{"type":"text"}', JSON.stringify({ ...text, txt: 'typo' })])(
    'is one whose body is %j: it reaches the dead-letter queue, and neither the ledger nor Connectly',
    async (body) => {
      const { run, calls, askedInTurn } = scene();

      const delivery = await run(body);

      expect(delivery).toMatchObject({
        acknowledge: true,
        outcome: { kind: 'refused', code: 'message-invalid' },
      });
      expect(calls).toMatchObject([['deadLetter', { ...note, code: 'message-invalid' }]]);
      expect(delivery.sendable).toBeUndefined();
      expect(askedInTurn()).toBe(false);
    },
  );

  it('is not acknowledged for its body when the copy fails', async () => {
    const { run } = scene({ failing: 'deadLetter' });

    const delivery = await run('{');

    expect(delivery).toMatchObject(failed('deadLetter', { kind: 'refused', code: 'message-invalid' }));
  });

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

    expect(calls).toContainEqual(sent);
  });
});

describe('the business', () => {
  it('of the message comes before that of the settings', async () => {
    const { run, calls } = scene();

    const delivery = await run({ ...text, businessId: 'business-2' });

    expect(calls).toContainEqual(['send', '+15555555555', 'business-2']);
    expect(delivery.sendable?.businessId).toBe('business-2');
  });
});

const turnedDown = { kind: 'not-sent', code: 'connectly-403', configurationFault: 'request' } as const;

describe('a message that was not sent', () => {
  it('comes back as the retry policy says, is written down then, and is not acknowledged', async () => {
    const { run, calls } = scene({ outcome: turnedDown });

    const delivery = await run(text, { receiveCount: 3 });

    expect(delivery).toMatchObject({ acknowledge: false, retryInSeconds: 10 });
    expect(calls).toEqual([claimed, sent, ['comeBackIn', 10], notAccepted]);
  });

  it.each([1, 3, 80])(
    'comes back soon when the connection failed, after %i receives, too',
    async (receiveCount) => {
      const { run, calls } = scene({ outcome: { kind: 'not-sent', code: 'connection-failed' } });

      await run(text, { receiveCount });

      expect(calls).toContainEqual(['comeBackIn', 5]);
    },
  );

  it('comes back when the server asked for it', async () => {
    const { run, calls } = scene({
      outcome: { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 100 },
    });

    await run();

    expect(calls).toContainEqual(['comeBackIn', 105]);
  });

  it('comes back in time to be told that it expired', async () => {
    const { run, calls } = scene({
      outcome: { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 600 },
      now: queuedAt + 4 * hourMs - 30_500,
    });

    await run();

    expect(calls).toContainEqual(['comeBackIn', 31]);
  });

  it('waits longer on average the longer it may live', async () => {
    const setup = { outcome: turnedDown };
    const short = scene(setup);
    const long = scene(setup);

    await short.run(text, { receiveCount: 20 });
    await long.run(
      { ...text, expiresAt: new Date(queuedAt + 70 * hourMs).toISOString() },
      { receiveCount: 20 },
    );

    expect(short.calls).toContainEqual(['comeBackIn', (4 * 3600) / 12 / 2]);
    expect(long.calls).toContainEqual(['comeBackIn', (70 * 3600) / 12 / 2]);
  });

  it('is written down but not acknowledged when its visibility cannot be changed: it is still on its queue', async () => {
    const { run, names } = scene({ outcome: { kind: 'not-sent', code: 'x' }, failing: 'comeBackIn' });

    const delivery = await run();

    expect(delivery).toMatchObject(failed('comeBackIn', { kind: 'not-sent', code: 'x' }));
    expect(names()).toEqual(['claim', 'send', 'comeBackIn', 'finish']);
  });

  it('stays unacknowledged when the ledger cannot be written', async () => {
    const { run, unrecorded } = scene({ outcome: { kind: 'not-sent', code: 'x' }, failing: 'finish' });

    const delivery = await run();

    expect(delivery.acknowledge).toBe(false);
    expect(unrecorded).toHaveLength(1);
  });
});

describe('an unclear message', () => {
  const outcome: Outcome = { kind: 'unclear', code: 'no-answer', traceId: '123' };

  it.each(['hold', 'settle'] as const)(
    'is copied to the outcomes queue under %s, then written down as parked, then acknowledged',
    async (ifUnclear) => {
      const { run, calls } = scene({ outcome, settings: { ifUnclear } });

      const delivery = await run();

      expect(delivery).toMatchObject({ acknowledge: true, outcome });
      expect(calls).toMatchObject([
        claimed,
        sent,
        ['park', { ...note, code: 'no-answer', traceId: '123', message: expect.stringMatching(/nobody/i) }],
        ['finish', { known: 'nothing', parked: true }],
      ]);
    },
  );

  it('is neither written down nor acknowledged when the copy fails', async () => {
    const { run, names } = scene({ outcome, failing: 'park' });

    const delivery = await run();

    expect(delivery).toMatchObject(failed('park', outcome));
    expect(names()).toEqual(['claim', 'send', 'park']);
  });

  it('is acknowledged once its copy is parked, even if the ledger cannot be written', async () => {
    const { run, unrecorded } = scene({ outcome, failing: 'finish' });

    const delivery = await run();

    expect(delivery.acknowledge).toBe(true);
    expect(unrecorded).toHaveLength(1);
  });

  it('comes back under resend, and its lease is given up then', async () => {
    const { run, calls } = scene({ outcome, settings: { ifUnclear: 'resend' } });

    const delivery = await run(text, { receiveCount: 2 });

    expect(delivery).toMatchObject({ acknowledge: false, retryInSeconds: 5 });
    expect(calls).toEqual([
      claimed,
      sent,
      ['comeBackIn', 5],
      ['finish', { known: 'nothing', parked: false }],
    ]);
  });

  it.each([
    ['resend', 'hold', 'comeBackIn'],
    ['hold', 'resend', 'park'],
  ] as const)("follows its own %s against the deployment's %s", async (own, ofDeployment, effect) => {
    const { run, names } = scene({ outcome, settings: { ifUnclear: ofDeployment } });

    await run({ ...text, ifUnclear: own });

    expect(names()).toEqual(['claim', 'send', effect, 'finish']);
  });
});

describe('a bug', () => {
  it('while sending is never acknowledged, written down, or followed by an effect on a queue', async () => {
    const { run, names } = scene({ outcome: new TypeError('bug') });

    const delivery = run();

    await expect(delivery).rejects.toThrow('bug');
    expect(names()).toEqual(['claim', 'send']);
  });
});

describe('every delivery', () => {
  const outcomes = fc.oneof(
    fc.record({ kind: fc.constant('accepted' as const), vendorId: fc.constantFrom('V1', undefined) }),
    fc.record({ kind: fc.constant('refused' as const), code: fc.string(), message: fc.string() }),
    fc.record({ kind: fc.constant('not-sent' as const), code: fc.string(), retryAfterSeconds: fc.nat() }),
    fc.record({ kind: fc.constant('unclear' as const), code: fc.string() }),
    fc.constant({ kind: 'duplicate' as const }),
  );
  const failures = fc.constantFrom(
    'deadLetter' as const,
    'park' as const,
    'comeBackIn' as const,
    'finish' as const,
    undefined,
  );
  const policies = fc.constantFrom('hold' as const, 'settle' as const, 'resend' as const);

  it('has one effect at most, writes to the ledger only after it, and is acknowledged only when the message is safe', async () => {
    await fc.assert(
      fc.asyncProperty(
        outcomes,
        policies,
        failures,
        fc.boolean(),
        async (outcome, ifUnclear, broken, isDenied) => {
          const { run, names } = scene({
            ...(isDenied ? { denied: outcome } : { outcome }),
            settings: { ifUnclear },
            ...(broken !== undefined && { failing: broken }),
          });

          const acknowledged = await run().then(
            (delivery) => delivery.acknowledge,
            () => false,
          );

          const done = names().slice(isDenied ? 1 : 2);
          const effect = done[0] === 'finish' ? undefined : done[0];
          const isSafe =
            effect === undefined
              ? outcome.kind === 'accepted' || outcome.kind === 'duplicate'
              : effect !== 'comeBackIn' && effect !== broken;
          // A copy that may not be there must not be counted on; a message that stays on its queue may be.
          const isMissed = effect === 'park' && effect === broken;
          expect(done.slice(effect === undefined ? 0 : 1)).toEqual(
            isMissed || outcome.kind === 'duplicate' ? [] : ['finish'],
          );
          expect(acknowledged).toBe(isSafe);
        },
      ),
    );
  });
});
