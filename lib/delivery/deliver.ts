import { type DeliverySettings, decode, type QueuedMessage, type Sendable } from './decode.ts';
import type { Dispatcher, DispatchRequest, NotStarted, Pause } from './dispatch/dispatcher.ts';
import type { Closure } from './dispatch/gate.ts';
import type { InOrder } from './in-order.ts';
import type { Claim, FinishAttempt } from './ledger/ledger.ts';
import {
  expired,
  type NotSent,
  type Outcome,
  ownRefusal,
  type Refusal,
  signOf,
  type Unclear,
} from './outcome.ts';
import { pausedDelaySeconds, type Retry, retryDelaySeconds, secondsAtMost } from './retry-policy.ts';

/** Connectly's sending side. Never rejects for what the network or Connectly does: that is an outcome. */
export interface MessageSender {
  /** Makes no request after `expiresAt` (epoch milliseconds): looks at the time right before each. */
  send(request: Pick<Sendable, 'message' | 'businessId' | 'expiresAt'>): Promise<Outcome>;
}

/** What is written beside a copy of a message, so that it keeps its key and its expiry. */
export interface CopyNote {
  readonly originalId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly code: string;
  readonly message: string;
  readonly traceId: string | undefined;
  /** The code that an earlier copy had. */
  readonly cause?: string | undefined;
}

/** The queue effects behind the outcomes, for one queued message. Each resolves once SQS has confirmed. */
export interface QueueEffects {
  /** Copies the message to the sends dead-letter queue. */
  deadLetter(note: CopyNote): Promise<void>;
  /** Copies the message to the outcomes queue. */
  park(note: CopyNote): Promise<void>;
  /** Keeps the message out of sight for so long; it must not be acknowledged then. */
  comeBackIn(delaySeconds: number): Promise<void>;
}

export interface DeliverPorts {
  readonly sender: MessageSender;
  readonly dispatcher: Dispatcher<Attempt>;
  /**
   * For what has expired, of which nothing is sent: as paced as the other, and stopped by no trouble of Connectly's.
   * Otherwise nobody would be told that it has expired before Connectly is well again.
   */
  readonly expiryDispatcher: Dispatcher<Attempt>;
  readonly claim: (sendable: Sendable, isCopy: boolean) => Promise<Claim>;
  readonly settings: DeliverySettings;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Told when the ledger could not be written after an attempt; the message's own fate is decided by then. */
  readonly onUnrecorded: (error: unknown) => void;
}

/** What an attempt found out, and how to write it into the ledger once its effects are done. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly finish: FinishAttempt;
}

/** What a message shares with those that came with it. */
export interface Batch {
  /** Whether a request begun now would still end, and be recorded, in time. */
  readonly canFinish: () => boolean;
  readonly inOrder: InOrder<Delivery>;
}

/** A message in hand: what to send, how it was received, and the effects of its queue. */
interface InHand {
  readonly sendable: Sendable;
  readonly queued: QueuedMessage;
  readonly queue: QueueEffects;
}

/** About as long as sending pauses at first, in milliseconds. */
const soonMs = 10_000;

/** How the delivery of one queued message ended. */
export interface Delivery {
  readonly outcome: Outcome;
  /** Whether the queue may forget the message. */
  readonly acknowledge: boolean;
  readonly retryInSeconds?: number;
  readonly sendable?: Sendable;
  /** Nothing was tried: it was not the message's turn. Its `closure` says why, while sending pauses. */
  readonly untouched?: { readonly closure?: Closure };
  /** Why a queue effect failed. The message is on its queue still, and comes back. */
  readonly failure?: unknown;
}

/**
 * The outbound use case for one message: decode, claim and send in its turn, conclude. Always the effect outside first,
 * then the ledger, then the acknowledgement, so that a crash in between leaves a step to repeat and never a lost message.
 * When a queue effect fails, the message is not acknowledged.
 */
export function createDeliver(ports: DeliverPorts) {
  const { sender, dispatcher, expiryDispatcher, claim, settings, senderNumber } = ports;
  const { now, random, onUnrecorded } = ports;

  return async function deliver(queued: QueuedMessage, queue: QueueEffects, batch: Batch): Promise<Delivery> {
    const decoded = decode(queued, settings);
    if (!decoded.ok) {
      const { refusal: outcome } = decoded;
      return withEffect(outcome, async () => {
        await giveUp(outcome, decoded, queue);
        return { acknowledge: true };
      });
    }
    const { sendable } = decoded;
    const inHand = { sendable, queued, queue };
    const recipient = JSON.stringify([sendable.businessId, sendable.message.to]);
    const delivery = await batch.inOrder(recipient, async (before) =>
      before === undefined || before.acknowledge
        ? deliverInTurn(inHand, batch)
        : goBackBehind(before, inHand),
    );
    // Those behind need not wait for it: one after the other, many would use up the time of the invocation.
    if (delivery.untouched !== undefined) await hide(delivery, queue);
    return { sendable, ...delivery };
  };

  async function deliverInTurn(inHand: InHand, { canFinish }: Batch): Promise<Delivery> {
    const { sendable, queued } = inHand;
    const { message, businessId, key, expiresAt } = sendable;
    const number = message.from ?? senderNumber;
    const run = () => tryToSend(sendable, queued.isCopy);
    const dispatched = await dispatch({ businessId, number, message: key, run, canFinish }, expiresAt);
    if ('notStarted' in dispatched) {
      const isPaused = dispatched.notStarted !== 'no-time-left';
      // Where its turn did not come in time, it goes back at once.
      const retryInSeconds = secondsAfter(isPaused ? dispatched : { comeBackInMs: 1_000 }, inHand);
      const closure = isPaused ? { closure: dispatched.closure } : {};
      return goBack(dispatched.notStarted, retryInSeconds, closure);
    }
    return withEffect(dispatched.outcome, () => conclude(dispatched, inHand));
  }

  /** One that goes back takes those with it that come after it: they shall not overtake it. */
  function goBackBehind({ retryInSeconds, untouched = {} }: Delivery, inHand: InHand): Delivery {
    const { secondsLeft } = lifeOf(inHand);
    const seconds = retryInSeconds === undefined ? undefined : secondsAtMost(secondsLeft, retryInSeconds + 1);
    return goBack('waits-for-earlier', seconds, untouched);
  }

  /** A message that expires while it waits for Connectly changes over to the other line. */
  async function dispatch(request: DispatchRequest<Attempt>, expiresAt: number) {
    if (now() < expiresAt) {
      const dispatched = await dispatcher.dispatch(request);
      if (!('notStarted' in dispatched) || now() < expiresAt) return dispatched;
    }
    return expiryDispatcher.dispatch(request);
  }

  /**
   * As late as possible: a message that expires or is sent by somebody else while it waits for its turn stays unsent.
   * The ledger is asked first: what may have been sent before must not be called expired, which says that it never was.
   */
  async function tryToSend(sendable: Sendable, isCopy: boolean): Promise<Attempt> {
    const claimed = await claim(sendable, isCopy);
    if (!claimed.granted) return claimed;
    const outcome = await sender.send(sendable);
    // "expired" would say that the message never was sent.
    const isUnknown = claimed.isInDoubt && outcome.kind === 'refused' && outcome.code === expired.code;
    return { outcome: isUnknown ? ownRefusal('outcome-unknown') : outcome, finish: claimed.finish };
  }

  /** Brings about what follows from the outcome: the effect, then the ledger. The acknowledgement is the caller's. */
  async function conclude({ outcome, finish }: Attempt, inHand: InHand) {
    const { sendable, queue } = inHand;
    const { originalId, expiresAt } = sendable;
    switch (outcome.kind) {
      case 'accepted':
        await recorded(finish({ known: 'accepted', vendorId: outcome.vendorId }));
        return { acknowledge: true };
      case 'duplicate':
        return { acknowledge: true };
      case 'refused':
        await thenRecorded(giveUp(outcome, sendable, queue), () => finish({ known: 'not-accepted' }));
        return { acknowledge: true };
      case 'unclear': {
        if (sendable.ifUnclear === 'resend') {
          return comeBack(outcome, inHand, () => finish({ known: 'nothing', parked: false }));
        }
        const { code, traceId } = outcome;
        await queue.park({ originalId, expiresAt, code, message: unclearText, traceId });
        await recorded(finish({ known: 'nothing', parked: true }));
        return { acknowledge: true };
      }
      case 'not-sent':
        return comeBack(outcome, inHand, () => finish({ known: 'not-accepted' }));
    }
  }

  async function comeBack(outcome: NotSent | Unclear, inHand: InHand, finish: () => Promise<void>) {
    const retryInSeconds = secondsUntilRetry(outcome, inHand);
    await thenRecorded(inHand.queue.comeBackIn(retryInSeconds), finish);
    return { acknowledge: false, retryInSeconds };
  }

  function secondsUntilRetry(outcome: NotSent | Unclear, inHand: InHand): number {
    const retryAfterSeconds = 'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined;
    // What failed for everybody comes back with everybody. A message that is turned down may be the only one that is.
    const isItsOwn = 'ours' in outcome || signOf(outcome) === 'turned-down';
    const pause = isItsOwn ? undefined : (dispatcher.pauseFor(inHand.sendable.businessId) ?? soon(outcome));
    if (pause !== undefined && retryAfterSeconds === undefined) return secondsAfter(pause, inHand);
    return retryDelay({ retryAfterSeconds }, inHand);
  }

  /** A connection that fails says nothing of the message, however often that was received: sending pauses if more fail. */
  function soon(outcome: NotSent | Unclear): Pick<Pause, 'comeBackInMs'> | undefined {
    return outcome.kind === 'not-sent' && signOf(outcome) === 'failing'
      ? { comeBackInMs: random() * soonMs }
      : undefined;
  }

  function retryDelay(asked: Pick<Retry, 'retryAfterSeconds'>, inHand: InHand): number {
    return retryDelaySeconds({ ...asked, ...lifeOf(inHand), random });
  }

  /** Being turned away is no attempt: the message comes back with the gate's next try, and its turn after that. */
  function secondsAfter({ comeBackInMs }: Pick<Pause, 'comeBackInMs'>, inHand: InHand): number {
    return pausedDelaySeconds({ comeBackInSeconds: comeBackInMs / 1000, ...lifeOf(inHand) });
  }

  function lifeOf({ sendable: { expiresAt }, queued: { queuedAt, receiveCount } }: InHand) {
    const lifeSeconds = (expiresAt - queuedAt) / 1000;
    return { receiveCount, lifeSeconds, secondsLeft: (expiresAt - now()) / 1000 };
  }

  /**
   * For a message that may be sent again: it is written down even when the effect fails, because the message is still on
   * its queue then. Left as it was, the attempt would look as if nobody knew its outcome.
   */
  async function thenRecorded(effect: Promise<void>, finish: () => Promise<void>): Promise<void> {
    try {
      await effect;
    } finally {
      await recorded(finish());
    }
  }

  /** The effect has happened, so the message's fate stands; what is not written is met again as a lapsed lease. */
  async function recorded(finished: Promise<void>): Promise<void> {
    try {
      await finished;
    } catch (error) {
      onUnrecorded(error);
    }
  }
}

function goBack(
  code: NotStarted['notStarted'] | 'waits-for-earlier',
  retryInSeconds: number | undefined,
  untouched: NonNullable<Delivery['untouched']>,
): Delivery {
  const outcome = { kind: 'not-sent', code, ours: true } as const;
  return { outcome, acknowledge: false, untouched, ...(retryInSeconds !== undefined && { retryInSeconds }) };
}

/** Nothing has happened that could be lost: a message that is not hidden comes back when its visibility ends. */
async function hide({ retryInSeconds }: Delivery, queue: QueueEffects): Promise<void> {
  if (retryInSeconds !== undefined) await queue.comeBackIn(retryInSeconds).catch(() => {});
}

function giveUp(
  outcome: Refusal,
  { originalId, expiresAt }: Pick<CopyNote, 'originalId' | 'expiresAt'>,
  queue: QueueEffects,
): Promise<void> {
  return queue.deadLetter({ originalId, expiresAt, ...outcome, traceId: outcome.traceId });
}

/** An outcome is told even when its effect fails: what Connectly did is done. */
async function withEffect(
  outcome: Outcome,
  effect: () => Promise<Pick<Delivery, 'acknowledge' | 'retryInSeconds'>>,
): Promise<Delivery> {
  try {
    return { outcome, ...(await effect()) };
  } catch (failure) {
    return { outcome, acknowledge: false, failure };
  }
}

const unclearText =
  'Nobody can know whether Connectly accepted this message: its answer never came or says nothing.';
