import type { DeliverySettings, QueuedMessage } from '../../../lib/delivery/decode.ts';
import {
  type CopyNote,
  createDeliver,
  type DeliverPorts,
  type QueueEffects,
} from '../../../lib/delivery/deliver.ts';
import type { LedgerStore } from '../../../lib/delivery/ledger/ledger.ts';
import { type ClaimOptions, createClaim } from '../../../lib/delivery/ledger/ledger.ts';
import { expired, type Outcome } from '../../../lib/delivery/outcome.ts';
import { createSettle } from '../../../lib/delivery/settle.ts';
import { leaseMs } from '../../../lib/delivery/time.ts';
import type { IfUnclear } from '../../../lib/message/message.ts';
import { createRandom } from '../../proofs/harness/random.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const second = 1_000;
const minute = 60 * second;
const body = JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', id: 'order-42' });

/** A message on a queue. */
interface Copy {
  readonly queue: 'sends' | 'outcomes';
  readonly message: Omit<QueuedMessage, 'receiveCount'>;
  receiveCount: number;
  visibleAt: number;
}

/** A defect to put into the relay, to see that it is found. */
export interface Defect {
  readonly claims?: (options: ClaimOptions) => DeliverPorts['claim'];
  readonly store?: (ledger: LedgerStore) => LedgerStore;
  /** `acknowledge` makes the queue forget the message at once. */
  readonly effects?: (effects: QueueEffects, acknowledge: () => void) => QueueEffects;
}

export interface Fate {
  /** How many requests Connectly accepted. */
  readonly accepted: number;
  /** Whether a worker, or the ledger, has learned that Connectly accepted it. */
  readonly isKnown: boolean;
  /** Why copies are in the dead-letter queue. */
  readonly dead: readonly string[];
  /** Copies that are on a queue after everything has had time to end. */
  readonly left: number;
  /** What was injected that can leave an attempt unclear: answers, crashes, stalls, and the ledger's failures. */
  readonly unclear: number;
}

/**
 * What becomes of one message that the producer queues once or twice: workers that overlap, crash (their promise never
 * settles) or stall at any call, a Connectly and a ledger whose answers get lost, redrives by hand; and then peace, until
 * nothing moves any more. All of it decided by the seed.
 */
export async function liveThrough(seed: number, ifUnclear: IfUnclear, defect: Defect = {}): Promise<Fate> {
  const random = createRandom(seed, 0);
  const chanceOf = () => random.int(2 ** 31) / 2 ** 31;
  const clock = createVirtualClock();
  const now = () => clock.now();
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const ledger = createMemoryLedger({ clock, random: chanceOf });
  const store = defect.store?.(ledger) ?? ledger;
  const settings: DeliverySettings = { businessId: 'business-1', ifUnclear, onlyTo: undefined };
  const waitMs = 30 * minute;
  /** How a Connectly of this life likes to answer. */
  const mood = random.pick(['good', 'good', 'lossy', 'unclear', 'down'] as const);
  const upAt = now() + (mood === 'down' ? 5 * 60 * minute : 0);
  const copies = new Set<Copy>();
  const dead: { readonly copy: Copy; readonly code: string }[] = [];
  const counts = { accepted: 0, answers: 0, crashes: 0, stalls: 0, attempts: 0 };
  let isPeace = false;
  let isTold = false;

  const put = (queue: Copy['queue'], change: Partial<Copy['message']> = {}) =>
    void copies.add({
      queue,
      message: {
        body,
        originalId: 'order-42',
        expiresAt: undefined,
        isCopy: false,
        queuedAt: now(),
        ...change,
      },
      receiveCount: 0,
      visibleAt: now(),
    });

  /** A worker: every call that it makes may be its last, and may take longer than its lease. */
  function newWorker() {
    let isDead = false;
    const forever = new Promise<never>(() => {});
    return async function step<Value>(call: () => Value | Promise<Value>): Promise<Value> {
      if (isDead) return forever;
      const crash = isPeace || !random.chance(0.06) ? 'none' : random.pick(['before', 'after'] as const);
      if (crash !== 'none') {
        isDead = true;
        counts.crashes += 1;
      }
      if (crash === 'before') return forever;
      if (!isPeace && random.chance(0.03)) {
        counts.stalls += 1;
        await pause(leaseMs + random.int(3 * minute));
      }
      const value = await call();
      return crash === 'after' ? forever : value;
    };
  }

  async function answer(): Promise<Outcome> {
    await pause(random.int(8 * second));
    if (now() < upAt) return { kind: 'not-sent', code: 'connection-failed' };
    const roll = isPeace ? 0 : random.int(100);
    const isAccepted = roll < (mood === 'good' ? 80 : 30);
    if (isAccepted || (mood === 'lossy' && roll < 80)) {
      counts.accepted += 1;
      void reportStatus();
      if (isAccepted) return { kind: 'accepted', vendorId: 'V1' };
      counts.answers += 1;
      return { kind: 'unclear', code: 'no-answer' };
    }
    if (roll >= 95) return { kind: 'not-sent', code: 'connectly-429' };
    if (roll >= 92) return { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' };
    counts.answers += 1;
    return { kind: 'unclear', code: 'connectly-502' };
  }

  const settle = createSettle({ store, settings, waitMs, now });

  /** Under `settle` every status arrives; otherwise none does, so that nothing hides a second request. */
  async function reportStatus(): Promise<void> {
    if (ifUnclear !== 'settle') return;
    await pause(random.int(minute));
    try {
      const { result } = await settle.confirmSend(
        { sendId: 'order-42' },
        { queuedAt: now(), receiveCount: 1 },
      );
      if (result === 'settled' || result === 'known') return;
    } catch {
      // It stays on its queue and comes again.
    }
    await reportStatus();
  }

  async function send(copy: Copy): Promise<void> {
    const step = newWorker();
    const claimsOptions: ClaimOptions = {
      store: {
        read: (key) => step(() => store.read(key)),
        insert: (key, entry) => step(() => store.insert(key, entry)),
        replace: (key, revision, entry) => step(() => store.replace(key, revision, entry)),
      },
      leaseMs,
      now,
      newAttemptId: () => `attempt-${++counts.attempts}`,
    };
    const deliver = createDeliver({
      sender: {
        send: async ({ expiresAt }) => (now() >= expiresAt ? expired : step(answer)),
      },
      dispatcher: { dispatch: ({ run }) => run(), pauseFor: () => undefined },
      expiryDispatcher: { dispatch: ({ run }) => run(), pauseFor: () => undefined },
      claim: (defect.claims ?? createClaim)(claimsOptions),
      settings,
      senderNumber: undefined,
      now,
      random: chanceOf,
      onUnrecorded: () => {},
    });
    const acknowledge = () => void copies.delete(copy);
    const effects: QueueEffects = {
      deadLetter: (note) => step(() => deadLetter(copy, note)),
      park: (note) => step(() => put('outcomes', { expiresAt: note.expiresAt, isCopy: true })),
      comeBackIn: (seconds) => step(() => hide(copy, seconds)),
    };
    const { acknowledge: isDone, outcome } = await deliver(
      received(copy),
      defect.effects?.(effects, acknowledge) ?? effects,
      { canFinish: () => true, inOrder: (_, run) => run(undefined) },
    );
    if (outcome.kind === 'accepted') isTold = true;
    if (isDone) await step(acknowledge);
  }

  async function settleParked(copy: Copy): Promise<void> {
    const step = newWorker();
    const { result } = await settle.settleParked(received(copy), {
      deadLetter: (note) => step(() => deadLetter(copy, note)),
      sendAgain: ({ expiresAt }) => step(() => put('sends', { expiresAt })),
      comeBackIn: (seconds) => step(() => hide(copy, seconds)),
    });
    if (result !== 'waiting') await step(() => void copies.delete(copy));
  }

  const received = (copy: Copy): QueuedMessage => ({ ...copy.message, receiveCount: copy.receiveCount });
  const deadLetter = (copy: Copy, { code, expiresAt }: CopyNote) =>
    void dead.push({ copy: { ...copy, message: { ...copy.message, expiresAt } }, code });
  const hide = (copy: Copy, seconds: number) => {
    copy.visibleAt = now() + seconds * second;
  };

  function receive(copy: Copy): void {
    copy.receiveCount += 1;
    copy.visibleAt = now() + 6 * minute;
    // What goes wrong is not acknowledged, and comes again.
    (copy.queue === 'sends' ? send(copy) : settleParked(copy)).catch(() => {});
  }

  function redrive(): void {
    const [entry] = dead.splice(random.int(dead.length), 1);
    if (entry !== undefined) put('sends', { expiresAt: entry.copy.message.expiresAt, isCopy: true });
  }

  const receiveAll = (mayReceive: (copy: Copy) => boolean) => {
    for (const copy of Array.from(copies)) if (mayReceive(copy)) receive(copy);
  };

  ledger.inject({
    throttle: { probability: 0.04 },
    lostAnswer: { probability: 0.04 },
    latency: { probability: 0.2, milliseconds: 2 * second },
  });
  put('sends');
  for (let turn = 0; turn < 40; turn++) {
    if (random.chance(0.03)) put('sends');
    if (dead.length > 0 && random.chance(0.1)) redrive();
    // SQS hands a message out twice now and then, its visibility notwithstanding.
    receiveAll(({ visibleAt }) => visibleAt <= now() || random.chance(0.08));
    await clock.advance(random.pick([100, second, 5 * second, minute, 10 * minute]));
  }
  isPeace = true;
  ledger.inject({});
  for (let turn = 0; turn < 400 && (copies.size > 0 || clock.pendingTimers() > 0); turn++) {
    receiveAll(({ visibleAt }) => visibleAt <= now());
    // Whatever becomes visible is received at once, as a mapping does it.
    const nextMs = Math.min(...Array.from(copies, ({ visibleAt }) => visibleAt - now()));
    await clock.advance(Math.min(10 * minute, Math.max(second, nextMs)));
  }
  const { throttled, answersLost } = ledger.counts;
  return {
    accepted: counts.accepted,
    isKnown: isTold || Array.from(ledger.entries.values()).some(({ entry }) => entry.state === 'SENT'),
    dead: dead.map(({ code }) => code),
    left: copies.size,
    unclear: counts.answers + counts.crashes + counts.stalls + throttled + answersLost,
  };
}
