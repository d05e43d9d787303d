import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { entryLifeMs } from '../../../../lib/delivery/ledger/entry.ts';
import type { Written } from '../../../../lib/delivery/ledger/ledger.ts';
import { decisionBudgetMs, requestDeadlineMs } from '../../../../lib/delivery/time.ts';
import { RelayError } from '../../../../lib/errors.ts';
import { accepted, notAccepted, reasonOf, scene, startAt, unavailable } from './claims-scene.ts';
import { failingStore } from './ledger-scene.ts';

describe('without an answer of the ledger', () => {
  const throttled = Object.assign(new Error('x'), { name: 'ThrottlingException' });
  const errors: readonly [unknown, object][] = [
    [new RelayError('ledger-unavailable', 'x', { cause: throttled }), { fault: 'ThrottlingException' }],
    [new RelayError('ledger-contended', 'x'), { code: 'ledger-contended' }],
    [new RelayError('ledger-invalid', 'x'), { code: 'ledger-invalid' }],
    [new TypeError('bug'), { fault: 'TypeError' }],
    ['x', {}],
    [undefined, {}],
  ];

  it.each(errors)('nothing may be sent, and it is told why (%s)', async (error, why) => {
    const { claim } = scene((ledger) => failingStore(ledger, error, { before: () => true }));

    const claimed = await claim();

    expect(claimed.granted).toBe(false);
    expect(reasonOf(claimed)).toEqual({ ...unavailable, ...why });
  });

  it.each(['insert', 'replace'] as const)('to the %s of a claim nothing may be sent', async (failing) => {
    let isBroken = false;
    const { claim, attempt } = scene((ledger) =>
      failingStore(ledger, new Error('down'), { before: (operation) => isBroken && operation === failing }),
    );
    if (failing === 'replace') await attempt(notAccepted);
    isBroken = true;

    const claimed = await claim();

    expect(reasonOf(claimed)).toMatchObject(unavailable);
  });

  it.each(['insert', 'replace'] as const)(
    'to the %s of a claim that was written all the same, the message may be sent once the ledger answers again',
    async (failing) => {
      let isBroken = false;
      const { claim, attempt, entry } = scene((ledger) =>
        failingStore(ledger, new Error('lost'), {
          before: (operation) => isBroken && operation === 'read',
          after: (operation) => isBroken && operation === failing,
        }),
      );
      if (failing === 'replace') await attempt(notAccepted);
      isBroken = true;
      const first = await claim();
      isBroken = false;
      const written = entry();

      await first.finish(notAccepted);
      const second = await claim();

      expect(reasonOf(first)).toMatchObject(unavailable);
      expect(written?.state).toBe('SENDING');
      expect(second.granted).toBe(true);
    },
  );

  it('to a claim that was written all the same, it is withdrawn before anything follows, and once', async () => {
    let calls = 0;
    const { claim, entry } = scene((ledger) =>
      failingStore(ledger, new Error('lost'), {
        before: () => {
          calls += 1;
          return false;
        },
        after: (operation) => operation === 'insert',
      }),
    );

    const claimed = await claim();
    const before = calls;
    await claimed.finish(notAccepted);

    expect(reasonOf(claimed)).toMatchObject(unavailable);
    expect(entry()?.state).toBe('RETRY');
    expect([before, calls]).toEqual([3, 3]);
  });

  it('to a claim, withdrawing it has the time of the request that is not made', async () => {
    const timeouts = vi.spyOn(AbortSignal, 'timeout');
    onTestFinished(() => timeouts.mockRestore());
    const { claim } = scene((ledger) =>
      failingStore(ledger, new Error('lost'), { after: (operation) => operation === 'insert' }),
    );

    await claim();

    expect(timeouts.mock.calls).toEqual([[decisionBudgetMs], [requestDeadlineMs]]);
  });

  it.each(['insert', 'replace'] as const)(
    'to the %s of a claim, it takes nothing when it comes in the end',
    async (late) => {
      const waiting: (() => Promise<unknown>)[] = [];
      let isLate = false;
      const delayed = (operation: string, write: () => Promise<Written>) => {
        if (!isLate || waiting.length > 0 || operation !== late) return write();
        waiting.push(write);
        return Promise.reject(new Error('late'));
      };
      const { claim, attempt, entry } = scene((ledger) => ({
        read: (key) => ledger.read(key),
        insert: (...given) => delayed('insert', () => ledger.insert(...given)),
        replace: (...given) => delayed('replace', () => ledger.replace(...given)),
      }));
      if (late === 'replace') await attempt(notAccepted);
      isLate = true;
      const claimed = await claim();

      for (const write of waiting) await write();

      expect(reasonOf(claimed)).toMatchObject(unavailable);
      expect(waiting).toHaveLength(1);
      expect(entry()?.state).toBe('RETRY');
    },
  );

  it('to the end of an attempt, writing it down rejects with what happened', async () => {
    const error = new Error('down');
    let isBroken = false;
    const { claim, entry } = scene((ledger) => failingStore(ledger, error, { before: () => isBroken }));
    const claimed = await claim();
    isBroken = true;

    const finished = claimed.finish(accepted);

    await expect(finished).rejects.toBe(error);
    expect(entry()?.state).toBe('SENDING');
  });
});

it('an entry that somebody else changes again and again lets nothing be sent', async () => {
  const current = {
    entry: {
      state: 'RETRY' as const,
      content: 'content-1',
      attemptId: 'attempt-0',
      leaseUntil: startAt,
      forgetAt: startAt + entryLifeMs,
    },
    revision: 1,
  };
  const refuse = async () => ({ ok: false as const, current });
  const { claim } = scene((ledger) => ({ ...ledger, insert: refuse, replace: refuse }));

  const claimed = await claim();

  expect(reasonOf(claimed)).toEqual({ ...unavailable, code: 'ledger-contended' });
});
