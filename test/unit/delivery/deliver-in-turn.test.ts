import { describe, expect, it } from 'vitest';
import { hourMs, queuedAt, scene, text } from './delivery-scene.ts';

const sent = ['send', '+15555555555', 'business-1'];

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
    [
      '3 days after it was queued, whatever its copy says',
      {},
      { expiresAt: queuedAt + 90 * hourMs },
      72 * hourMs,
    ],
  ])('is refused from %s on, and sent a millisecond before', async (_, fields, queued, lifeMs) => {
    const early = scene({ now: queuedAt + lifeMs - 1 });
    const late = scene({ now: queuedAt + lifeMs });

    await early.run({ ...text, ...fields }, queued);
    await late.run({ ...text, ...fields }, queued);

    expect(early.calls).toContainEqual(sent);
    expect(late.calls).not.toContainEqual(sent);
    expect(late.calls).toContainEqual([
      'deadLetter',
      expect.objectContaining({ code: 'expired', expiresAt: queuedAt + lifeMs }),
    ]);
  });

  it('is not called expired when an earlier attempt may have been accepted: nobody knows', async () => {
    const { run, calls } = scene({ now: queuedAt + 5 * hourMs, isInDoubt: true });

    const delivery = await run({ ...text, ifUnclear: 'resend' });

    expect(delivery).toMatchObject({
      acknowledge: true,
      outcome: { kind: 'refused', code: 'outcome-unknown' },
    });
    expect(calls).toContainEqual(['deadLetter', expect.objectContaining({ code: 'outcome-unknown' })]);
  });

  it('is refused with the reason of Connectly, whatever is in doubt about an earlier attempt', async () => {
    const outcome = { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' } as const;
    const { run } = scene({ outcome, isInDoubt: true });

    const delivery = await run({ ...text, ifUnclear: 'resend' });

    expect(delivery).toMatchObject({ acknowledge: true, outcome });
  });

  it('is one that expired while it waited for its turn', async () => {
    const { run, names, calls } = scene({ now: queuedAt + 4 * hourMs - 1, waitMs: 1 });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'refused', code: 'expired' } });
    expect(names()).toEqual(['claim', 'deadLetter', 'finish']);
    expect(calls.at(-1)).toEqual(['finish', { known: 'not-accepted' }]);
  });

  it('is told so while sending pauses: it stands in a line of its own, with the question about time', async () => {
    const { run, lines, names, askedInTurn } = scene({
      now: queuedAt + 4 * hourMs,
      notStarted: 'breaker-open',
    });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'refused', code: 'expired' } });
    expect(lines).toEqual(['expiries']);
    expect(askedInTurn()).toBe(true);
    expect(names()).toEqual(['claim', 'deadLetter', 'finish']);
  });

  it('is told so when it waited in vain for Connectly to recover', async () => {
    const { run, lines, names, askedInTurn } = scene({
      now: queuedAt + 4 * hourMs - 1,
      waitMs: 1,
      notStarted: 'breaker-open',
    });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'refused', code: 'expired' } });
    expect(lines).toEqual(['requests', 'expiries']);
    expect(askedInTurn()).toBe(true);
    expect(names()).toEqual(['claim', 'deadLetter', 'finish']);
  });

  it.each(['breaker-open', 'business-paused', 'no-time-left'] as const)(
    'is what comes back after: %s',
    async (notStarted) => {
      const { run, lines, names } = scene({ now: queuedAt + 4 * hourMs - 1, notStarted });

      const delivery = await run();

      expect(delivery).toMatchObject({ acknowledge: false, outcome: { code: notStarted } });
      expect(lines).toEqual(['requests']);
      expect(names()).toEqual(['comeBackIn']);
    },
  );

  it.each([
    ['has been sent before', { kind: 'duplicate' }, []],
    [
      'may have been sent by an attempt that was lost',
      { kind: 'unclear', code: 'attempt-lost' },
      ['park', 'finish'],
    ],
    ['is being sent', { kind: 'not-sent', code: 'being-sent', ours: true }, ['comeBackIn', 'finish']],
  ] as const)('is not called so when the ledger says that it %s', async (_, denied, done) => {
    const { run, names } = scene({ now: queuedAt + 5 * hourMs, denied });

    const delivery = await run();

    expect(delivery.outcome).toEqual(denied);
    expect(names()).toEqual(['claim', ...done]);
  });
});

describe('a message whose turn does not come', () => {
  it('for want of time goes back at once, untouched', async () => {
    const { run, calls } = scene({ notStarted: 'no-time-left' });

    const delivery = await run();

    expect(delivery).toMatchObject({
      acknowledge: false,
      outcome: { kind: 'not-sent', code: 'no-time-left', ours: true },
    });
    expect(calls).toEqual([['comeBackIn', 2]]);
  });

  it('because Connectly is down goes back for longer with every receive, untouched', async () => {
    const first = scene({ notStarted: 'breaker-open' });
    const fourth = scene({ notStarted: 'breaker-open' });

    const delivery = await first.run(text, { receiveCount: 1 });
    await fourth.run(text, { receiveCount: 4 });

    expect(delivery).toMatchObject({
      acknowledge: false,
      outcome: { kind: 'not-sent', code: 'breaker-open', ours: true },
    });
    expect([first.calls, fourth.calls]).toEqual([[['comeBackIn', 3]], [['comeBackIn', 20]]]);
  });
});

describe('a message that the ledger does not let be sent', () => {
  it('is acknowledged without a trace when it has been sent before', async () => {
    const { run, names } = scene({ denied: { kind: 'duplicate' } });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'duplicate' } });
    expect(names()).toEqual(['claim']);
  });

  it('comes back when the lease of the attempt that sends it has ended', async () => {
    const { run, calls } = scene({
      denied: { kind: 'not-sent', code: 'being-sent', retryAfterSeconds: 60, ours: true },
    });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: false, retryInSeconds: 63 });
    expect(calls).toContainEqual(['comeBackIn', 63]);
  });

  it('is refused when its id stands for another one', async () => {
    const { run, calls, names } = scene({ denied: { kind: 'refused', code: 'id-reused', message: 'Ours.' } });

    const delivery = await run();

    expect(delivery.acknowledge).toBe(true);
    expect(calls[1]).toEqual([
      'deadLetter',
      expect.objectContaining({ code: 'id-reused', message: 'Ours.' }),
    ]);
    expect(names()).not.toContain('send');
  });

  it.each(['hold', 'settle'] as const)(
    'is parked under %s, and only then written down, when an attempt of it never ended',
    async (ifUnclear) => {
      const { run, calls, names } = scene({
        denied: { kind: 'unclear', code: 'attempt-lost' },
        settings: { ifUnclear },
      });

      const delivery = await run();

      expect(delivery.acknowledge).toBe(true);
      expect(names()).toEqual(['claim', 'park', 'finish']);
      expect(calls[1]).toEqual(['park', expect.objectContaining({ code: 'attempt-lost' })]);
    },
  );

  it('is told to the ledger as a copy when it is one', async () => {
    const { run, calls } = scene({ denied: { kind: 'duplicate' } });

    await run(text, { isCopy: true });

    expect(calls).toEqual([['claim', expect.any(String), true]]);
  });
});
