import { describe, expect, it } from 'vitest';
import { entryLifeMs, release } from '../../../../lib/delivery/ledger/entry.ts';
import { update } from '../../../../lib/delivery/ledger/ledger.ts';
import {
  accepted,
  duplicate,
  goesBack,
  leaseMs,
  lost,
  notAccepted,
  parked,
  reasonOf,
  scene,
  sendable,
  startAt,
} from './claims-scene.ts';

describe('a message that nobody has claimed', () => {
  it('is granted with a single write, for as long as the lease', async () => {
    const { claim, entry, ledger } = scene();

    const claimed = await claim();

    expect(claimed.granted).toBe(true);
    expect(entry()).toEqual({
      state: 'SENDING',
      content: 'content-1',
      attemptId: 'attempt-1',
      leaseUntil: startAt + leaseMs,
      forgetAt: startAt + entryLifeMs,
    });
    expect(ledger.counts.calls).toBe(1);
  });

  it('needs no more than a second write to be written down', async () => {
    const { attempt, entry, ledger } = scene();

    await attempt(accepted);

    expect(entry()).toMatchObject({ state: 'SENT', vendorId: 'V1' });
    expect(ledger.counts.calls).toBe(2);
  });
});

describe('a message that an attempt is sending', () => {
  it('comes back when the lease has ended', async () => {
    const { claim, advance } = scene();
    await claim();
    advance(leaseMs - 1_500);

    const second = await claim();

    expect(reasonOf(second)).toEqual({
      kind: 'not-sent',
      code: 'being-sent',
      retryAfterSeconds: 2,
      ours: true,
    });
  });

  it('stays with that attempt, whatever is said about the one that was denied', async () => {
    const { claim, entry } = scene();
    await claim();
    const second = await claim();

    await second.finish(notAccepted);

    expect(entry()).toMatchObject({ state: 'SENDING', attemptId: 'attempt-1' });
  });

  it('is granted to one of many who claim it at once', async () => {
    const { claim } = scene();

    const claims = await Promise.all(Array.from({ length: 8 }, () => claim()));

    expect(claims.filter(({ granted }) => granted)).toHaveLength(1);
  });
});

describe('a message whose attempt never ended', () => {
  it.each(['hold', 'settle'] as const)(
    'is unclear under %s, and UNKNOWN once its copy is parked',
    async (ifUnclear) => {
      const { claim, advance, entry } = scene();
      await claim({ ifUnclear });
      advance(leaseMs);

      const second = await claim({ ifUnclear });
      const before = entry();
      await second.finish(parked);

      expect(reasonOf(second)).toEqual(lost);
      expect([before?.state, entry()?.state]).toEqual(['SENDING', 'UNKNOWN']);
      expect(entry()?.attemptId).toBe('attempt-1');
    },
  );

  it('is granted again under resend', async () => {
    const { claim, advance, entry } = scene();
    await claim({ ifUnclear: 'resend' });
    advance(leaseMs);

    const second = await claim({ ifUnclear: 'resend' });

    expect(second.granted).toBe(true);
    expect(entry()).toMatchObject({ state: 'SENDING', attemptId: 'attempt-2' });
  });

  it('is not called UNKNOWN when it ended after all while its copy was being parked', async () => {
    const { claim, advance, entry } = scene();
    const first = await claim();
    advance(leaseMs);
    const second = await claim();
    await first.finish(accepted);

    await second.finish(parked);

    expect(entry()).toMatchObject({ state: 'SENT', vendorId: 'V1' });
  });
});

describe('a message that is done with', () => {
  it.each(['hold', 'settle', 'resend'] as const)(
    'because it was accepted is a duplicate under %s',
    async (ifUnclear) => {
      const { attempt, claim } = scene();
      await attempt(accepted, { ifUnclear });

      const claims = [await claim({ ifUnclear }), await claim({ ifUnclear }, true)];

      expect(claims.map(reasonOf)).toEqual([duplicate, duplicate]);
    },
  );

  it('because its copy is parked is a duplicate', async () => {
    const { attempt, claim } = scene();
    await attempt(parked);

    const second = await claim();

    expect(reasonOf(second)).toEqual(duplicate);
  });

  it('is parked again when it is that copy itself, moved back by hand', async () => {
    const { attempt, claim, entry } = scene();
    await attempt(parked);

    const second = await claim({}, true);
    await second.finish(parked);

    expect(reasonOf(second)).toEqual(lost);
    expect(entry()).toMatchObject({ state: 'UNKNOWN', attemptId: 'attempt-1' });
  });

  it('may be claimed anew after 30 days', async () => {
    const { attempt, claim, advance } = scene();
    await attempt(accepted);
    advance(entryLifeMs);

    const second = await claim();

    expect(second.granted).toBe(true);
  });
});

describe('a message that was not accepted', () => {
  it('may be claimed at once, even with other content', async () => {
    const { attempt, claim, entry } = scene();
    await attempt(notAccepted);

    const second = await claim({ content: 'content-2' });

    expect(second.granted).toBe(true);
    expect(entry()).toMatchObject({ state: 'SENDING', content: 'content-2', attemptId: 'attempt-2' });
  });

  it('after an unclear attempt under resend waits for nobody', async () => {
    const { attempt, claim, entry } = scene();
    await attempt(goesBack, { ifUnclear: 'resend' });
    const between = entry();

    const second = await claim({ ifUnclear: 'resend' });

    expect(between).toMatchObject({ state: 'SENDING', leaseUntil: startAt });
    expect(second.granted).toBe(true);
  });

  it('after an unclear attempt under resend is in doubt, whatever becomes of the next one', async () => {
    const { attempt, claim } = scene();
    const first = await claim({ ifUnclear: 'resend' });
    await first.finish(goesBack);
    await attempt(notAccepted, { ifUnclear: 'resend' });

    const third = await claim({ ifUnclear: 'resend' });
    await third.finish(notAccepted);
    const held = await claim();

    expect([first, third]).toMatchObject([{ isInDoubt: false }, { isInDoubt: true }]);
    expect(reasonOf(held)).toEqual(lost);
  });

  it('after it was released is in doubt, and stays so when it was not accepted then', async () => {
    const { attempt, claim, ledger, entry } = scene();
    await attempt(parked);
    const { key } = sendable();
    await update(ledger, key, (current) => release(current, startAt));
    await attempt(notAccepted);

    const third = await claim();

    expect(third).toMatchObject({ granted: true, isInDoubt: true });
    expect(entry()).toMatchObject({ state: 'SENDING', doubt: 'released' });
  });

  it('after an unclear attempt under resend is parked under hold: nobody has done so', async () => {
    const { attempt, claim } = scene();
    await attempt(goesBack, { ifUnclear: 'resend' });

    const second = await claim({ ifUnclear: 'hold' });

    expect(reasonOf(second)).toEqual(lost);
  });
});

describe('another message with the same id', () => {
  it.each([
    ['is being sent', undefined],
    ['was sent', accepted],
    ['may have been sent', parked],
  ])('is refused while the first one %s', async (_, end) => {
    const { claim, entry } = scene();
    const first = await claim();
    if (end !== undefined) await first.finish(end);
    const before = entry();

    const second = await claim({ content: 'content-2' });
    await second.finish(notAccepted);

    expect(reasonOf(second)).toEqual({
      kind: 'refused',
      code: 'id-reused',
      message: expect.stringContaining('"id"'),
      ours: true,
    });
    expect(entry()).toEqual(before);
  });
});

describe('only the attempt that claimed', () => {
  it('writes its end: one whose message was claimed again writes nothing', async () => {
    const { claim, advance, entry } = scene();
    const first = await claim({ ifUnclear: 'resend' });
    advance(leaseMs);
    await claim({ ifUnclear: 'resend' });
    const before = entry();

    for (const end of [accepted, notAccepted, parked, goesBack]) await first.finish(end);

    expect(entry()).toEqual(before);
  });

  it.each([
    ['accepted', accepted, 'SENT'],
    ['not accepted', notAccepted, 'RETRY'],
  ])('settles a parked message by an answer that comes late: %s', async (_, end, state) => {
    const { claim, advance, entry } = scene();
    const first = await claim();
    advance(leaseMs);
    const second = await claim();
    await second.finish(parked);

    await first.finish(end);

    expect(entry()?.state).toBe(state);
  });
});
