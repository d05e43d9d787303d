import { isDeepStrictEqual } from 'node:util';
import {
  type AttemptEnd,
  abandon,
  confirm,
  decideClaim,
  decideParked,
  finish,
  type LedgerEntry,
  release,
  withdraw,
} from '../../../lib/delivery/ledger/entry.ts';
import { decideOn, type LedgerStore } from '../../../lib/delivery/ledger/ledger.ts';
import type { Random } from '../../proofs/harness/random.ts';

/** One step of a random use of a ledger: all its choices are made, so that it can be taken on two stores. */
export interface Step {
  readonly name: string;
  take(store: LedgerStore): Promise<unknown>;
}

const startAt = Date.UTC(2026, 0, 1);

/** Steps over a few keys, attempts and contents, so few that they meet each other all the time. */
export function randomSteps(random: Random, count: number, prefix: string): Step[] {
  return Array.from({ length: count }, (_, index) =>
    randomStep(random, { prefix, now: startAt + index * 700 }),
  );
}

function randomStep(random: Random, { prefix, now }: { prefix: string; now: number }): Step {
  const key = `${prefix}-${random.int(3)}`;
  const attemptId = `attempt-${random.int(4)}`;
  const content = `content-${random.int(2)}`;
  const entry: LedgerEntry = {
    state: random.pick(['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const),
    content,
    attemptId,
    leaseUntil: now + random.int(5_000),
    ...(random.chance(0.3) && { vendorId: `vendor-${random.int(3)}` }),
    ...(random.chance(0.3) && { doubt: random.pick(['repeated', 'released'] as const) }),
    forgetAt: now + 1 + random.int(50_000),
  };
  const revision = 1 + random.int(6);
  const write =
    (decide: (entry: LedgerEntry | undefined) => LedgerEntry | undefined) => (store: LedgerStore) =>
      decideOn(store, key, (current) => ({ write: decide(current) }));
  const request = {
    attemptId,
    content,
    now,
    leaseMs: 2_000,
    resendUnclear: random.chance(0.5),
    isCopy: random.chance(0.5),
  };
  const vendorId = random.chance(0.5) ? 'vendor-1' : undefined;
  const end = random.pick<AttemptEnd>([
    { known: 'accepted', vendorId },
    { known: 'not-accepted' },
    { known: 'nothing', parked: random.chance(0.5) },
  ]);
  const steps: readonly Step[] = [
    { name: 'read', take: (store) => store.read(key) },
    { name: 'insert', take: (store) => store.insert(key, entry) },
    { name: 'replace', take: (store) => store.replace(key, revision, entry) },
    {
      name: 'replace what is there',
      async take(store) {
        const current = await store.read(key);
        return store.replace(key, current?.revision ?? 1, entry);
      },
    },
    {
      name: 'claim',
      take: (store) => decideOn(store, key, (e) => decideClaim(e, request)),
    },
    {
      name: 'claim, thought to be new',
      take: (store) =>
        decideOn(store, key, (e) => decideClaim(e, request), {
          assumed: { stored: undefined },
        }),
    },
    { name: 'finish', take: write((e) => finish(e, attemptId, end, now)) },
    { name: 'withdraw', take: write((e) => withdraw(e, request)) },
    { name: 'abandon', take: write((e) => abandon(e, attemptId, now)) },
    {
      name: 'decide on a parked one',
      take: (store) =>
        decideOn(store, key, (e) =>
          decideParked(e, { ...request, waitMs: 3_000, resendSilent: request.isCopy }),
        ),
    },
    { name: 'confirm', take: write((e) => confirm(e, vendorId)) },
    { name: 'release', take: write((e) => release(e, now)) },
  ];
  return random.pick(steps);
}

/** Takes the steps on both stores; the first one with different results, or undefined when there is none. */
export async function firstDifference(
  steps: readonly Step[],
  [one, other]: readonly [LedgerStore, LedgerStore],
): Promise<{ index: number; step: string; results: readonly unknown[] } | undefined> {
  for (const [index, step] of steps.entries()) {
    const both = [await step.take(one), await step.take(other)];
    if (!isDeepStrictEqual(both[0], both[1])) return { index, step: step.name, results: both };
  }
  return undefined;
}
