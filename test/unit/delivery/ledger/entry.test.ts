import { describe, expect, it } from 'vitest';
import {
  abandon,
  confirm,
  decideClaim,
  decideParked,
  entryLifeMs,
  finish,
  type LedgerEntry,
  release,
  withdraw,
} from '../../../../lib/delivery/ledger/entry.ts';

const now = Date.UTC(2026, 0, 1);
const day = 24 * 60 * 60 * 1000;

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  state: 'SENDING',
  content: 'content-1',
  attemptId: 'attempt-1',
  leaseUntil: now + 1,
  forgetAt: now + 1,
  ...change,
});
const request = {
  attemptId: 'attempt-2',
  content: 'content-1',
  now,
  leaseMs: 60_000,
  resendUnclear: false,
  isCopy: false,
};
const sends = {
  verdict: 'send',
  write: {
    state: 'SENDING',
    content: 'content-1',
    attemptId: 'attempt-2',
    leaseUntil: now + 60_000,
    forgetAt: now + 30 * day,
  },
};
const repeats = { ...sends, write: { ...sends.write, doubt: 'repeated' } };
const parks = { verdict: 'park', attemptId: 'attempt-1' };

describe('a claim', () => {
  it.each<[string, LedgerEntry | undefined]>([
    ['a key without an entry', undefined],
    ['what was certainly not sent', entry({ state: 'RETRY' })],
    ['what was not sent, corrected', entry({ state: 'RETRY', content: 'content-0' })],
    ['what was sent so long ago that it is to be forgotten now', entry({ state: 'SENT', forgetAt: now })],
    ['an attempt to be forgotten, of another message', entry({ content: 'content-0', forgetAt: now })],
  ])('takes %s', (_, current) => {
    // A doubt that is undefined would be written into the table.
    expect(decideClaim(current, request)).toStrictEqual(sends);
  });

  it('takes what was released, and stays in doubt', () => {
    const decision = decideClaim(entry({ state: 'RETRY', doubt: 'released' }), request);

    expect(decision).toEqual({ ...sends, write: { ...sends.write, doubt: 'released' } });
  });

  it('leaves nothing of the entry before: neither its attempt nor its vendor id', () => {
    const decision = decideClaim(entry({ state: 'RETRY', vendorId: 'vendor-1' }), request);

    expect(decision).toEqual(sends);
    expect(decision).not.toHaveProperty('write.vendorId');
  });

  it.each<[string, LedgerEntry, object, object]>([
    ['drops what was sent', entry({ state: 'SENT' }), {}, { verdict: 'duplicate' }],
    [
      'drops what was sent, under resend too',
      entry({ state: 'SENT' }),
      { resendUnclear: true },
      { verdict: 'duplicate' },
    ],
    ['waits for an attempt under way', entry(), {}, { verdict: 'busy', until: now + 1 }],
    ['waits for it under resend too', entry(), { resendUnclear: true }, { verdict: 'busy', until: now + 1 }],
    ['parks an attempt whose lease ends now', entry({ leaseUntil: now }), {}, parks],
    ['repeats it under resend', entry({ leaseUntil: now }), { resendUnclear: true }, repeats],
    ['drops a second copy of what is parked', entry({ state: 'UNKNOWN' }), {}, { verdict: 'duplicate' }],
    ['parks again what a person moved back', entry({ state: 'UNKNOWN' }), { isCopy: true }, parks],
    ['repeats an unknown one under resend', entry({ state: 'UNKNOWN' }), { resendUnclear: true }, repeats],
  ])('%s', (_, current, change, expected) => {
    expect(decideClaim(current, { ...request, ...change })).toEqual(expected);
  });

  it.each(['SENDING', 'SENT', 'UNKNOWN'] as const)('conflicts with another message that is %s', (state) => {
    const decision = decideClaim(entry({ state, leaseUntil: 0 }), {
      ...request,
      content: 'content-2',
      resendUnclear: true,
    });

    expect(decision).toEqual({ verdict: 'conflict' });
  });

  it('lasts longer than four days on a queue, and a fortnight in each of two others', () => {
    expect(entryLifeMs).toBeGreaterThanOrEqual((4 + 14) * day);
    expect(entryLifeMs).toBe(30 * day);
  });
});

const accepted = { known: 'accepted', vendorId: 'vendor-1' } as const;
const notAccepted = { known: 'not-accepted' } as const;
const parked = { known: 'nothing', parked: true } as const;
const goesBack = { known: 'nothing', parked: false } as const;
const sent = { state: 'SENT', vendorId: 'vendor-1' } as const;

describe('an attempt after one that may have been accepted', () => {
  it('leaves the doubt when it was certainly not accepted itself: its lease ends, and no more', () => {
    const written = finish(entry({ doubt: 'repeated' }), 'attempt-1', notAccepted, now);

    expect(written).toEqual(entry({ doubt: 'repeated', leaseUntil: now }));
  });

  it('so that a hold that follows parks, and a resend goes on', () => {
    const left = entry({ doubt: 'repeated', leaseUntil: now });

    const decisions = [false, true].map((resendUnclear) => decideClaim(left, { ...request, resendUnclear }));

    expect(decisions).toEqual([parks, repeats]);
  });

  it('leaves what has been parked meanwhile parked', () => {
    const written = finish(entry({ state: 'UNKNOWN', doubt: 'repeated' }), 'attempt-1', notAccepted, now);

    expect(written).toBeUndefined();
  });

  it('ends the doubt when it was accepted', () => {
    const written = finish(entry({ doubt: 'repeated' }), 'attempt-1', accepted, now);

    expect(written).toMatchObject(sent);
  });
});

describe('an attempt that has ended', () => {
  it.each([
    ['SENDING', accepted, sent],
    ['SENDING', notAccepted, { state: 'RETRY' }],
    ['SENDING', parked, { state: 'UNKNOWN' }],
    ['UNKNOWN', accepted, sent],
    ['UNKNOWN', notAccepted, { state: 'RETRY' }],
    ['UNKNOWN', parked, undefined],
    ['RETRY', accepted, sent],
    ['RETRY', notAccepted, undefined],
    ['RETRY', parked, undefined],
    ['SENT', accepted, undefined],
    ['SENT', notAccepted, undefined],
    ['SENT', parked, undefined],
  ] as const)('turns its %s with %j into %j, and its lease does not matter', (state, end, change) => {
    const written = [now + 1, 0].map((leaseUntil) =>
      finish(entry({ state, leaseUntil }), 'attempt-1', end, now),
    );

    const expected = [now + 1, 0].map((leaseUntil) => change && entry({ leaseUntil, ...change }));
    expect(written).toEqual(expected);
  });

  it.each(['SENDING', 'UNKNOWN', 'RETRY'] as const)('leaves a %s of another attempt alone', (state) => {
    const written = [accepted, notAccepted, parked, goesBack].map((end) =>
      finish(entry({ state }), 'attempt-0', end, now),
    );

    expect(written).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('writes nothing where there is nothing any more', () => {
    expect(finish(undefined, 'attempt-1', accepted, now)).toBeUndefined();
  });

  it('needs no vendor id to be accepted', () => {
    const written = finish(entry(), 'attempt-1', { known: 'accepted', vendorId: undefined }, now);

    expect(written).toEqual(entry({ state: 'SENT' }));
    expect(written).not.toHaveProperty('vendorId');
  });
});

describe('a claim that nobody answered', () => {
  const ours = entry({ attemptId: 'attempt-2', leaseUntil: now + 60_000 });
  const resend = { ...request, resendUnclear: true };

  it.each<[string, LedgerEntry | undefined, Partial<LedgerEntry> | undefined]>([
    ['that has been written: it was certainly not sent', ours, { state: 'RETRY' }],
    [
      'that has taken what may have been sent: its lease ends',
      { ...ours, doubt: 'repeated' },
      { leaseUntil: now },
    ],
    ['that is not there yet: an entry is in its way', undefined, { state: 'RETRY', attemptId: 'attempt-2' }],
    [
      'that would take what was not sent: that is written anew',
      entry({ state: 'RETRY' }),
      { state: 'RETRY' },
    ],
    [
      'that would take what is unknown: that is written anew',
      entry({ state: 'UNKNOWN' }),
      { state: 'UNKNOWN' },
    ],
    ['that lost to another attempt', entry(), undefined],
    ['of what another attempt has sent', entry({ state: 'SENT' }), undefined],
  ])('is withdrawn, %s', (_, current, written) => {
    const after = withdraw(current, resend);

    if (written === undefined) expect(after).toBeUndefined();
    else expect(after).toMatchObject({ content: 'content-1', ...written });
  });

  it('leaves no lease behind where there was no entry', () => {
    expect(withdraw(undefined, request)?.leaseUntil).toBe(now);
  });
});

describe('a lease', () => {
  it('is yielded by the attempt that has it, and the entry stays SENDING: nothing is parked', () => {
    expect(finish(entry(), 'attempt-1', goesBack, now)).toEqual(entry({ leaseUntil: now }));
  });

  it.each<[string, LedgerEntry | undefined, string]>([
    ['there is no entry', undefined, 'attempt-1'],
    ['another attempt has it', entry(), 'attempt-0'],
    ['it has lapsed', entry({ leaseUntil: now }), 'attempt-1'],
    ['the message is parked', entry({ state: 'UNKNOWN' }), 'attempt-1'],
    ['the message is sent', entry({ state: 'SENT' }), 'attempt-1'],
  ])('is not touched when %s', (_, current, attempt) => {
    expect(finish(current, attempt, goesBack, now)).toBeUndefined();
  });

  it('that was yielded lets resend go on at once, and makes a later hold park', () => {
    const yielded = finish(entry(), 'attempt-1', goesBack, now);

    const decisions = [true, false].map((resendUnclear) =>
      decideClaim(yielded, { ...request, resendUnclear }),
    );

    expect(decisions).toEqual([repeats, parks]);
  });
});

describe('an attempt that never ended', () => {
  it('is abandoned once its lease has lapsed', () => {
    const lapsed = entry({ leaseUntil: now });

    expect(abandon(lapsed, 'attempt-1', now)).toEqual({ ...lapsed, state: 'UNKNOWN' });
  });

  it.each<[string, LedgerEntry | undefined]>([
    ['there is no entry', undefined],
    ['its lease lasts', entry()],
    [
      'another attempt has begun since, whose message nobody has parked',
      entry({ attemptId: 'attempt-2', leaseUntil: 0 }),
    ],
    ['it was not sent after all', entry({ state: 'RETRY', leaseUntil: 0 })],
    ['it was sent after all', entry({ state: 'SENT', leaseUntil: 0 })],
    ['it is abandoned', entry({ state: 'UNKNOWN', leaseUntil: 0 })],
  ])('is left alone when %s', (_, current) => {
    expect(abandon(current, 'attempt-1', now)).toBeUndefined();
  });
});

describe('a delivery status', () => {
  it.each(['SENDING', 'UNKNOWN'] as const)('settles a %s', (state) => {
    expect(confirm(entry({ state }), 'vendor-1')).toEqual(entry(sent));
  });

  it('settles what was released: its first attempt may have been accepted', () => {
    const current = entry({ state: 'RETRY', doubt: 'released' });

    expect(confirm(current, 'vendor-1')).toEqual({ ...entry(sent), doubt: 'released' });
  });

  it('keeps the vendor id that is known when it brings none', () => {
    expect(confirm(entry({ state: 'UNKNOWN', vendorId: 'vendor-1' }), undefined)).toEqual(entry(sent));
  });

  it.each([
    [undefined],
    [entry({ state: 'SENT' })],
    // No attempt of this one can have been accepted: the status is about another message with the same id.
    [entry({ state: 'RETRY' })],
  ])('has nothing to settle in %j', (current) => {
    expect(confirm(current, 'vendor-1')).toBeUndefined();
  });
});

describe('a parked copy', () => {
  const settling = { content: 'content-1', now, waitMs: 1_000, resendSilent: false };
  const waited = now - 1_000;
  const handOver = { verdict: 'hand-over' };
  const sendAgain = { verdict: 'send-again' };

  it.each<[string, LedgerEntry | undefined, object]>([
    ['is handed over when nothing is known of it any more', undefined, handOver],
    ['is handed over when its entry is to be forgotten', entry({ state: 'RETRY', forgetAt: now }), handOver],
    ['is forgotten when its message was sent', entry({ state: 'SENT' }), { verdict: 'forget' }],
    ['is sent again when its message was certainly not sent', entry({ state: 'RETRY' }), sendAgain],
    [
      'is sent again even after a corrected one failed',
      entry({ state: 'RETRY', content: 'content-2' }),
      sendAgain,
    ],
    [
      'is handed over when another message was sent under its key',
      entry({ state: 'SENT', content: 'content-2' }),
      handOver,
    ],
    ['waits for an attempt under way and its status', entry(), { verdict: 'wait', until: now + 1_001 }],
    [
      'waits for the status of an unknown one',
      entry({ state: 'UNKNOWN', leaseUntil: waited + 1 }),
      { verdict: 'wait', until: now + 1 },
    ],
  ])('%s', (_, current, expected) => {
    const decisions = [false, true].map((resendSilent) =>
      decideParked(current, { ...settling, resendSilent }),
    );

    expect(decisions).toEqual([expected, expected]);
  });

  it.each(['SENDING', 'UNKNOWN'] as const)(
    'of a %s nobody heard of is handed over, or sent again under settle',
    (state) => {
      const current = entry({ state, leaseUntil: waited });

      const decisions = [false, true].map((resendSilent) =>
        decideParked(current, { ...settling, resendSilent }),
      );

      expect(decisions).toEqual([
        { verdict: 'hand-over' },
        { verdict: 'send-again', write: { ...current, state: 'RETRY', doubt: 'released' } },
      ]);
    },
  );
});

describe('a person', () => {
  it.each([entry({ state: 'UNKNOWN' }), entry({ leaseUntil: now })])('releases %j', (current) => {
    expect(release(current, now)).toEqual({ ...current, state: 'RETRY', doubt: 'released' });
  });

  it.each([
    [undefined],
    [entry()],
    [entry({ state: 'SENT', leaseUntil: 0 })],
    [entry({ state: 'RETRY', leaseUntil: 0 })],
  ])('cannot release %j', (current) => {
    expect(release(current, now)).toBeUndefined();
  });
});
