import { describe, expect, it } from 'vitest';
import { closure, hourMs, queuedAt, scene, text } from './delivery-scene.ts';

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
      notStarted: 'sending-paused',
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
      notStarted: 'sending-paused',
    });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: true, outcome: { kind: 'refused', code: 'expired' } });
    expect(lines).toEqual(['requests', 'expiries']);
    expect(askedInTurn()).toBe(true);
    expect(names()).toEqual(['claim', 'deadLetter', 'finish']);
  });

  it.each(['sending-paused', 'business-paused', 'no-time-left'] as const)(
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

describe('a message in the line', () => {
  it('stands there for its business, its number and itself', async () => {
    const { run, dispatched } = scene();

    await run({ ...text, from: '+15550001111', id: 'order-1' });
    await run({ ...text, businessId: 'business-2' });

    const key = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(dispatched).toEqual([
      { businessId: 'business-1', number: '+15550001111', message: key },
      { businessId: 'business-2', number: '+15550009999', message: key },
    ]);
    expect(dispatched[0]?.message).not.toBe(dispatched[1]?.message);
  });
});

describe('a message whose turn does not come', () => {
  it('for want of time goes back at once, untouched', async () => {
    const { run, calls } = scene({ notStarted: 'no-time-left' });

    const delivery = await run();

    expect(delivery).toMatchObject({
      acknowledge: false,
      outcome: { kind: 'not-sent', code: 'no-time-left', ours: true },
      untouched: {},
    });
    expect(delivery.untouched).not.toHaveProperty('closure');
    expect(calls).toEqual([['comeBackIn', 1]]);
  });

  it('for want of time goes back at once also when it has waited for an hour while sending paused', async () => {
    const { run, calls } = scene({ notStarted: 'no-time-left' });

    await run(text, { receiveCount: 80 });

    expect(calls).toEqual([['comeBackIn', 1]]);
  });

  it.each(['sending-paused', 'business-paused'] as const)(
    'because of %s comes back when it is told to, untouched, however often it has been received',
    async (notStarted) => {
      const first = scene({ notStarted, comeBackInMs: 12_345 });
      const eightieth = scene({ notStarted, comeBackInMs: 12_345 });

      const delivery = await first.run(text, { receiveCount: 1 });
      await eightieth.run(text, { receiveCount: 80 });

      expect(delivery).toMatchObject({
        acknowledge: false,
        retryInSeconds: 13,
        outcome: { kind: 'not-sent', code: notStarted, ours: true },
        untouched: { closure },
      });
      expect([first.calls, eightieth.calls]).toEqual([[['comeBackIn', 13]], [['comeBackIn', 13]]]);
    },
  );

  it('comes back less often after eighty receives, the longer it may live', async () => {
    const { run, calls } = scene({ notStarted: 'sending-paused', comeBackInMs: 12_345 });

    await run(text, { receiveCount: 81 });

    expect(calls).toEqual([['comeBackIn', (4 * 3600) / 100]]);
  });

  it.each(['sending-paused', 'no-time-left'] as const)(
    'has met no failure when it cannot be hidden (%s): it is on its queue',
    async (notStarted) => {
      const { run } = scene({ notStarted, failing: 'comeBackIn' });

      const delivery = await run();

      expect(delivery).toMatchObject({ acknowledge: false, outcome: { code: notStarted } });
      expect(delivery).not.toHaveProperty('failure');
    },
  );
});

describe('a message that failed while sending pauses', () => {
  const pausedFor = 'business-1';

  it.each([
    ['with all others when nothing was sent', { kind: 'not-sent', code: 'connection-failed' }, 30],
    [
      'with all others when its business is refused',
      { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
      30,
    ],
    [
      'by itself when it was turned down, for it may be the only one that is',
      { kind: 'not-sent', code: 'connectly-403', configurationFault: 'request' },
      3,
    ],
    [
      'when the server asked for it',
      { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 100 },
      105,
    ],
    ['by itself for a reason of ours', { kind: 'not-sent', code: 'ledger-unavailable', ours: true }, 3],
  ] as const)('comes back %s', async (_, outcome, seconds) => {
    const { run, calls } = scene({ outcome, pausedFor });

    const delivery = await run();

    expect(delivery).toMatchObject({ acknowledge: false, outcome, retryInSeconds: seconds });
    expect(delivery).not.toHaveProperty('untouched');
    expect(calls.slice(2)).toEqual([
      ['comeBackIn', seconds],
      ['finish', { known: 'not-accepted' }],
    ]);
  });

  it('comes back with all others when its outcome is unclear, under resend', async () => {
    const { run, calls } = scene({
      outcome: { kind: 'unclear', code: 'no-answer' },
      settings: { ifUnclear: 'resend' },
      pausedFor,
    });

    await run();

    expect(calls).toContainEqual(['comeBackIn', 30]);
  });

  it('comes back by itself when it is another business that is paused', async () => {
    const outcome = { kind: 'not-sent', code: 'connection-failed' } as const;
    const { run, calls } = scene({ outcome, pausedFor: 'business-2' });

    await run();

    expect(calls).toContainEqual(['comeBackIn', 5]);
  });
});

describe('messages of one batch to one recipient', () => {
  it('go one after the other', async () => {
    const { run, names } = scene();

    await Promise.all([run({ ...text, id: 'first' }), run({ ...text, id: 'second' })]);

    expect(names()).toEqual(['claim', 'send', 'finish', 'claim', 'send', 'finish']);
  });

  it.each([
    ['of another recipient', { to: '+15555555556' }],
    ['of another business', { businessId: 'business-2' }],
  ])('do not wait for one %s', async (_, change) => {
    const { run, names } = scene();

    await Promise.all([run({ ...text, id: 'first' }), run({ ...text, ...change, id: 'second' })]);

    expect(names()).toEqual(['claim', 'claim', 'send', 'send', 'finish', 'finish']);
  });

  it('go back behind one that goes back, untouched, each a second after the one before', async () => {
    const { run, calls } = scene({ outcome: { kind: 'not-sent', code: 'connection-failed' } });

    const deliveries = await Promise.all(['1', '2', '3'].map((id) => run({ ...text, id })));

    expect(deliveries.map(({ outcome, retryInSeconds }) => [outcome, retryInSeconds])).toEqual([
      [{ kind: 'not-sent', code: 'connection-failed' }, 5],
      [{ kind: 'not-sent', code: 'waits-for-earlier', ours: true }, 6],
      [{ kind: 'not-sent', code: 'waits-for-earlier', ours: true }, 7],
    ]);
    expect(deliveries.map(({ untouched }) => untouched)).toEqual([undefined, {}, {}]);
    expect(calls.slice(2)).toEqual([
      ['comeBackIn', 5],
      ['finish', { known: 'not-accepted' }],
      ['comeBackIn', 6],
      ['comeBackIn', 7],
    ]);
  });

  it('are hidden side by side when they go back: none waits until another one is', async () => {
    const { run, calls } = scene({ notStarted: 'no-time-left' });
    let asked = 0;
    const waiting: (() => void)[] = [];
    const comeBackIn = () => {
      asked += 1;
      const hidden = new Promise<void>((resolve) => void waiting.push(resolve));
      if (asked === 3) for (const release of waiting) release();
      return hidden;
    };

    const deliveries = await Promise.all(
      ['1', '2', '3'].map((id) => run({ ...text, id }, {}, { comeBackIn })),
    );

    expect(deliveries.map(({ retryInSeconds }) => retryInSeconds)).toEqual([1, 2, 3]);
    expect(calls).toEqual([]);
  });

  it('know why sending pauses when that is why the first of them goes back', async () => {
    const { run } = scene({ notStarted: 'sending-paused' });

    const deliveries = await Promise.all(['1', '2'].map((id) => run({ ...text, id })));

    expect(deliveries).toMatchObject([
      { outcome: { code: 'sending-paused' }, untouched: { closure } },
      { outcome: { code: 'waits-for-earlier' }, untouched: { closure } },
    ]);
  });

  it('come back no later than they expire', async () => {
    const { run, calls } = scene({ outcome: { kind: 'not-sent', code: 'x', retryAfterSeconds: 600 } });
    const expiresAt = new Date(queuedAt + 90_000).toISOString();

    await Promise.all([run({ ...text, id: '1' }), run({ ...text, id: '2', expiresAt })]);

    expect(calls).toContainEqual(['comeBackIn', 630]);
    expect(calls).toContainEqual(['comeBackIn', 90]);
  });

  it('are sent when the one before was refused, or parked', async () => {
    const refused = scene({ outcome: { kind: 'refused', code: 'x', message: 'Ours.' } });
    const parked = scene({ outcome: { kind: 'unclear', code: 'no-answer' } });

    for (const { run } of [refused, parked]) await Promise.all(['1', '2'].map((id) => run({ ...text, id })));

    expect(refused.names().filter((name) => name === 'send')).toHaveLength(2);
    expect(parked.names().filter((name) => name === 'send')).toHaveLength(2);
  });

  it('stay where they are, unhidden, when an effect or a bug keeps the one before', async () => {
    const failing = scene({ outcome: { kind: 'not-sent', code: 'x' }, failing: 'comeBackIn' });
    const broken = scene({ outcome: new TypeError('bug') });

    const afterFailure = await Promise.all(['1', '2'].map((id) => failing.run({ ...text, id })));
    const [, afterBug] = await Promise.allSettled(['1', '2'].map((id) => broken.run({ ...text, id })));

    expect(afterFailure[1]).toMatchObject({ acknowledge: false, outcome: { code: 'waits-for-earlier' } });
    expect(afterFailure[1]).not.toHaveProperty('retryInSeconds');
    expect(afterBug).toMatchObject({ value: { acknowledge: false, outcome: { code: 'waits-for-earlier' } } });
    expect(broken.names()).toEqual(['claim', 'send']);
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
