import { type IfUnclear, type Message } from '../message/message.ts';
import { parseMessage, summarize } from '../message/parse.ts';
import type { Outcome } from './outcome.ts';
import { retryDelaySeconds } from './retry-policy.ts';

/** How long a message may live unless it says so itself, in milliseconds. */
const defaultLifeMs = 4 * 60 * 60 * 1000;

/** A message as it came from the sends queue. */
export interface QueuedMessage {
  readonly body: string;
  /** The key of its first copy: `relay.id`, or SQS's own message id. */
  readonly originalId: string;
  /** Epoch milliseconds, from `relay.expiresAt`: what an earlier copy was limited to. */
  readonly expiresAt: number | undefined;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  readonly receiveCount: number;
}

/** Connectly's sending side. Never rejects for what the network or Connectly does: that is an outcome. */
export interface MessageSender {
  send(message: Message, businessId: string): Promise<Outcome>;
}

/** What is written beside a copy of a message, so that it keeps its key and its expiry. */
export interface CopyNote {
  readonly originalId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly code: string;
  readonly message: string;
  readonly traceId: string | undefined;
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

export interface DeliverySettings {
  readonly businessId: string | undefined;
  readonly ifUnclear: IfUnclear;
  readonly onlyTo: ReadonlySet<string> | undefined;
}

export interface DeliverPorts {
  readonly sender: MessageSender;
  readonly settings: DeliverySettings;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** How the delivery of one queued message ended. */
export interface Delivery {
  readonly outcome: Outcome;
  /** Whether the queue may forget the message. */
  readonly acknowledge: boolean;
  readonly retryInSeconds?: number;
  readonly message?: Message;
  readonly businessId?: string;
}

/**
 * The outbound use case for one message: decode, send, settle. Always the effect outside first and the
 * acknowledgement last, so that a crash in between leaves a step to repeat and never a lost message.
 * Rejects when a queue effect fails: the message is then not acknowledged.
 */
export function createDeliver({ sender, settings, now, random }: DeliverPorts) {
  async function attempt(decoded: Decoded, canFinish: () => boolean): Promise<Outcome> {
    if ('refusal' in decoded) return decoded.refusal;
    if (!canFinish()) return { kind: 'not-sent', code: 'no-time-left', retryAfterSeconds: 1 };
    if (now() >= decoded.expiresAt) return expired;
    return sender.send(decoded.message, decoded.businessId);
  }

  async function settle(outcome: Outcome, decoded: Decoded, queued: QueuedMessage, queue: QueueEffects) {
    const originalId = ('message' in decoded ? decoded.message.id : undefined) ?? queued.originalId;
    const note = { originalId, expiresAt: decoded.expiresAt };
    switch (outcome.kind) {
      case 'accepted':
        return { acknowledge: true };
      case 'refused':
        await queue.deadLetter({ ...note, ...outcome, traceId: outcome.traceId });
        return { acknowledge: true };
      case 'unclear':
        if (ifUnclearOf(decoded) === 'resend') return comeBack(queued, undefined, queue);
        await queue.park({ ...note, code: outcome.code, message: unclearText, traceId: outcome.traceId });
        return { acknowledge: true };
      case 'not-sent':
        return comeBack(queued, outcome.retryAfterSeconds, queue);
    }
  }

  function ifUnclearOf(decoded: Decoded): IfUnclear {
    return ('message' in decoded ? decoded.message.ifUnclear : undefined) ?? settings.ifUnclear;
  }

  async function comeBack(queued: QueuedMessage, retryAfterSeconds: number | undefined, queue: QueueEffects) {
    const retryInSeconds = retryDelaySeconds({
      receiveCount: queued.receiveCount,
      retryAfterSeconds,
      random,
    });
    await queue.comeBackIn(retryInSeconds);
    return { acknowledge: false, retryInSeconds };
  }

  /** `canFinish` says whether a request begun now would still end, and be recorded, in time. */
  return async function deliver(
    queued: QueuedMessage,
    queue: QueueEffects,
    canFinish: () => boolean,
  ): Promise<Delivery> {
    const decoded = decode(queued, settings);
    const outcome = await attempt(decoded, canFinish);
    const settled = await settle(outcome, decoded, queued, queue);
    return { ...settled, outcome, ...('message' in decoded && decoded) };
  };
}

type Refusal = Extract<Outcome, { kind: 'refused' }>;

type Decoded =
  | { readonly message: Message; readonly businessId: string; readonly expiresAt: number }
  | { readonly refusal: Refusal; readonly expiresAt: number };

const expired: Refusal = {
  kind: 'refused',
  code: 'expired',
  message: 'The message was not sent before it expired. Queue it again if it still matters.',
};

const unclearText =
  'Nobody can know whether Connectly accepted this message: its answer never came or says nothing.';

/** Everything that can be known without asking Connectly. */
function decode(queued: QueuedMessage, settings: DeliverySettings): Decoded {
  const parsed = parseMessage(queued.body, queued);
  const latest = queued.expiresAt ?? queued.queuedAt + defaultLifeMs;
  if (!parsed.ok) return refused('message-invalid', summarize(parsed.problems), latest);

  const { message } = parsed;
  const own = message.expiresAt === undefined ? undefined : Date.parse(message.expiresAt);
  const expiresAt = queued.expiresAt ?? own ?? latest;
  const businessId = message.businessId ?? settings.businessId;
  if (businessId === undefined) {
    return refused(
      'business-missing',
      'Give the message a "businessId", or deploy with the businessId setting.',
      expiresAt,
    );
  }
  if (settings.onlyTo !== undefined && !settings.onlyTo.has(message.to)) {
    return refused(
      'recipient-not-allowed',
      'This stage sends to the recipients of its onlyTo setting only.',
      expiresAt,
    );
  }
  return { message, businessId, expiresAt };
}

function refused(code: string, message: string, expiresAt: number): Decoded {
  return { refusal: { kind: 'refused', code, message }, expiresAt };
}
