import type { DeliverySettings, QueuedMessage, Sendable } from '../../../lib/delivery/decode.ts';
import {
  type CopyNote,
  createDeliver,
  type Delivery,
  type QueueEffects,
} from '../../../lib/delivery/deliver.ts';
import type { DispatchRequest, NotStarted, Pause } from '../../../lib/delivery/dispatch/dispatcher.ts';
import { createInOrder } from '../../../lib/delivery/in-order.ts';
import type { AttemptEnd } from '../../../lib/delivery/ledger/entry.ts';
import type { Claim } from '../../../lib/delivery/ledger/ledger.ts';
import { expired, type Outcome } from '../../../lib/delivery/outcome.ts';

export const queuedAt = Date.UTC(2026, 10, 22, 10);
export const hourMs = 60 * 60 * 1000;
export const text = { type: 'text', to: '+15555555555', text: 'hello!' };

type EffectName = 'deadLetter' | 'park' | 'comeBackIn';

export interface Setup {
  /** What Connectly says; an error is thrown. */
  readonly outcome?: Outcome | Error;
  /** What the ledger says, when it does not let the message be sent. */
  readonly denied?: Outcome;
  /** Whether an earlier attempt may have been accepted. */
  readonly isInDoubt?: boolean;
  readonly settings?: Partial<DeliverySettings>;
  readonly now?: number;
  /** What waiting for its turn takes, in milliseconds. */
  readonly waitMs?: number;
  readonly failing?: EffectName | 'finish';
  readonly notStarted?: NotStarted['notStarted'];
  /** In how many milliseconds the dispatcher wants somebody back; 30 s unless given. */
  readonly comeBackInMs?: number;
  /** What pauses, when the dispatcher is asked after an attempt; nothing unless given. */
  readonly pausedFor?: string;
}

/** One thing that the use case did: its name, and what it was given. */
export type Call = readonly [name: string, ...given: unknown[]];

export const newMessage = (message: unknown = text, change: Partial<QueuedMessage> = {}): QueuedMessage => ({
  body: typeof message === 'string' ? message : JSON.stringify(message),
  originalId: 'sqs-1',
  expiresAt: undefined,
  isCopy: false,
  queuedAt,
  receiveCount: 1,
  ...change,
});

/** Why sending pauses in these tests. */
export const closure = { since: queuedAt - 1_000, cause: 'connectly-503', nextTryAt: queuedAt + 30_000 };

const canFinish = () => true;

/** The use case between ports that write down, in order, what was asked of them, once it is done. */
export function scene(setup: Setup = {}) {
  const calls: Call[] = [];
  const unrecorded: unknown[] = [];
  const inTurn: boolean[] = [];
  const lines: ('requests' | 'expiries')[] = [];
  const dispatched: Omit<DispatchRequest<unknown>, 'run' | 'canFinish'>[] = [];
  const pauseOf = (paused: Pause['paused']): Pause => ({
    paused,
    closure,
    comeBackInMs: setup.comeBackInMs ?? 30_000,
  });
  let now = setup.now ?? queuedAt;
  const step = async (name: string, ...given: unknown[]) => {
    // Somebody who does not wait for this to end writes down the next step before it.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    calls.push([name, ...given]);
    if (setup.failing === name) throw new Error(`${name} failed`);
  };
  const finish = (end: AttemptEnd) => step('finish', end);
  const deliver = createDeliver({
    sender: {
      async send({ message, businessId, expiresAt }) {
        if (now >= expiresAt) return expired;
        await step('send', message.to, businessId);
        const outcome = setup.outcome ?? { kind: 'accepted', vendorId: 'V1' };
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
    dispatcher: {
      async dispatch({ run, canFinish: asked, ...request }) {
        lines.push('requests');
        dispatched.push(request);
        inTurn.push(request.businessId === 'business-1' && asked === canFinish);
        now += setup.waitMs ?? 0;
        const { notStarted } = setup;
        if (notStarted === 'no-time-left') return { notStarted };
        if (notStarted !== undefined) return { notStarted, ...pauseOf(notStarted) };
        return run();
      },
      pauseFor: (businessId) => (businessId === setup.pausedFor ? pauseOf('business-paused') : undefined),
    },
    expiryDispatcher: {
      async dispatch({ businessId, run, canFinish: asked }) {
        lines.push('expiries');
        inTurn.push(businessId === 'business-1' && asked === canFinish);
        return run();
      },
      pauseFor: () => undefined,
    },
    async claim(sendable: Sendable, isCopy: boolean): Promise<Claim> {
      await step('claim', sendable.key.slice(0, 8), isCopy);
      return setup.denied === undefined
        ? { granted: true, finish, isInDoubt: setup.isInDoubt === true }
        : { granted: false, outcome: setup.denied, finish };
    },
    settings: { businessId: 'business-1', ifUnclear: 'hold', onlyTo: undefined, ...setup.settings },
    senderNumber: '+15550009999',
    now: () => now,
    random: () => 0.5,
    onUnrecorded: (error) => unrecorded.push(error),
  });
  const inOrder = createInOrder<Delivery>({ outcome: { kind: 'duplicate' }, acknowledge: false });
  const run = (
    message: unknown = text,
    queued: Partial<QueuedMessage> = {},
    effects: Partial<QueueEffects> = {},
  ) =>
    deliver(
      newMessage(message, queued),
      {
        deadLetter: (note: CopyNote) => step('deadLetter', note),
        park: (note: CopyNote) => step('park', note),
        comeBackIn: (delaySeconds: number) => step('comeBackIn', delaySeconds),
        ...effects,
      },
      { canFinish, inOrder },
    );
  return {
    run,
    calls,
    names: () => calls.map(([name]) => name),
    unrecorded,
    /** What the dispatcher was told of each request. */
    dispatched,
    /** Which dispatchers were asked, in order. */
    lines,
    /** Whether a dispatcher was asked, and always for the business and with the caller's own question about time. */
    askedInTurn: () => inTurn.length > 0 && inTurn.every(Boolean),
  };
}
