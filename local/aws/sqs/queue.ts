import type { Clock } from '../../clock.ts';
import {
  invalidValueFor,
  overLimit,
  purgeQueueInProgress,
  queueDoesNotExist,
  receiptHandleIsInvalid,
} from './errors.ts';
import type { Message, ReceivedMessage } from './message.ts';
import { type Entry, type MessageCounts, MessageStore } from './message-store.ts';
import { type QueueAttributes, type QueueSettings, settingsOf } from './queue-attributes.ts';
import { decodeReceiptHandle, encodeReceiptHandle } from './receipt-handle.ts';

/** AWS's quota for standard queues. */
export const maximumInFlight = 120_000;
/** From one receive, a message can be kept away from others for 12 hours in all. */
const maximumVisibilitySeconds = 43_200;
const purgeIntervalMs = 60_000;

export interface ReceiveRequest {
  readonly maximumMessages: number;
  readonly visibilityTimeoutSeconds: number;
  /** 0 answers at once. */
  readonly waitSeconds: number;
  /** Aborted when the caller has gone: the poll ends, and takes nothing. */
  readonly signal: AbortSignal;
}

interface Poll extends ReceiveRequest {
  readonly answer: (messages: readonly ReceivedMessage[]) => void;
  readonly fail: (error: Error) => void;
}

/** What a queue needs of the world around it. */
export interface QueueSurroundings {
  readonly clock: Clock;
  /** Takes a message that was received too often; false when there is nowhere to take it, then it is delivered on. */
  readonly deadLetter: (source: Queue, message: Message) => boolean;
  /** Called after every change that somebody looking at the queue would see. */
  readonly changed: (queue: Queue) => void;
}

/**
 * One standard queue: what is visible to whom, and when. Nothing polls: as long as a receiver waits, one timer stands
 * for the next moment at which a message becomes visible; everything else is settled when somebody looks.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags = new Map<string, string>();
  modifiedAt: number;
  #attributes: QueueAttributes;
  #settings: QueueSettings;
  readonly #world: QueueSurroundings;
  readonly #store = new MessageStore();
  readonly #polls = new Set<Poll>();
  #cancelWake: (() => void) | undefined;
  #purgedAt = -Infinity;

  constructor(
    identity: { readonly name: string; readonly arn: string; readonly attributes: QueueAttributes },
    world: QueueSurroundings,
  ) {
    this.name = identity.name;
    this.arn = identity.arn;
    this.#attributes = identity.attributes;
    this.#settings = settingsOf(identity.attributes);
    this.#world = world;
    this.createdAt = world.clock.now();
    this.modifiedAt = this.createdAt;
  }

  get attributes(): QueueAttributes {
    return this.#attributes;
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  changeAttributes(attributes: QueueAttributes): void {
    this.#attributes = attributes;
    this.#settings = settingsOf(attributes);
    this.modifiedAt = this.#world.clock.now();
    this.#afterChange();
  }

  add(message: Message, delaySeconds: number): void {
    const now = this.#world.clock.now();
    this.#store.add(message, now + delaySeconds * 1_000, now);
    this.#afterChange();
  }

  /**
   * Resolves to up to `maximumMessages` messages as soon as there is one, or to none when the wait is over or the
   * caller has gone. Rejects with OverLimit for a short poll at the in-flight quota (a long poll just waits), and
   * with QueueDoesNotExist when the queue is deleted meanwhile.
   */
  async receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    if (request.signal.aborted) return [];
    this.#settle();
    if (request.waitSeconds === 0 && this.#store.counts().inFlight >= maximumInFlight)
      throw overLimit(`Too many messages in flight: at most ${maximumInFlight}.`);
    const taken = this.#take(request);
    if (taken.length > 0 || request.waitSeconds === 0) return taken;
    return this.#wait(request);
  }

  /**
   * Takes messages back that were handed to somebody who had already gone: visible at once, at the front, and counted
   * as if they had not been received. AWS may count such a receive, and leaves the message hidden; here one knows that
   * nobody has it, and a closed terminal should not bring a message nearer to its dead-letter queue.
   */
  putBack(messages: readonly ReceivedMessage[]): void {
    this.#settle();
    for (const handed of messages.toReversed()) {
      const found = this.#find(handed.receiptHandle);
      if (found === undefined || !found.isLatest) continue;
      const { entry } = found;
      entry.message.receiveCount -= 1;
      entry.received -= 1;
      if (entry.message.receiveCount === 0) entry.message.firstReceivedAt = undefined;
      // The handle that nobody got must not delete what is visible again.
      entry.receipt += 1;
      this.#store.show(entry, 'front');
    }
    this.#afterChange();
  }

  /**
   * Deletes the message that this receive handed out, in flight or visible again. An older handle than the last one
   * succeeds and deletes nothing: AWS promises only that the request succeeds, and says that the message might stay.
   */
  delete(receiptHandle: string): void {
    this.#settle();
    const found = this.#find(receiptHandle);
    if (!found?.isLatest) return;
    this.#store.remove(found.entry);
    this.#afterChange();
  }

  /**
   * Hides the message that this receive handed out, or shows it. AWS does so even when its visibility timeout has lapsed
   * or somebody else has received it since, though its documentation knows an error for both.
   */
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void {
    this.#settle();
    const now = this.#world.clock.now();
    const found = this.#find(receiptHandle);
    if (found === undefined)
      throw invalidValueFor(
        'ReceiptHandle',
        receiptHandle,
        'Message does not exist or is not available for visibility timeout change.',
      );
    const heldSeconds = Math.floor((now - found.entry.lastReceivedAt) / 1_000);
    if (heldSeconds + timeoutSeconds > maximumVisibilitySeconds)
      throw invalidValueFor(
        'VisibilityTimeout',
        timeoutSeconds,
        `Total VisibilityTimeout for the message is beyond the limit [${maximumVisibilitySeconds} seconds]`,
      );
    if (timeoutSeconds === 0) this.#store.show(found.entry, 'end');
    else this.#store.hide(found.entry, 'in-flight', now + timeoutSeconds * 1_000);
    this.#afterChange();
  }

  purge(): void {
    const now = this.#world.clock.now();
    if (now - this.#purgedAt < purgeIntervalMs) throw purgeQueueInProgress(this.name);
    this.#purgedAt = now;
    this.#store.clear();
    this.#afterChange();
  }

  /** Ends every poll that waits here: the queue is gone. */
  close(): void {
    for (const poll of this.#polls) poll.fail(queueDoesNotExist());
    this.#store.clear();
    this.#afterChange();
  }

  counts(): MessageCounts {
    this.#settle();
    this.#dropExpired();
    return this.#store.counts();
  }

  /** Every message with its state, without receiving it. */
  *look(): Generator<Readonly<Entry>> {
    this.#settle();
    this.#dropExpired();
    yield* this.#store.entries();
  }

  /** Removes the next visible message, for a move to another queue. */
  takeForMove(): Message | undefined {
    this.#settle();
    for (let entry = this.#store.next(); entry !== undefined; entry = this.#store.next()) {
      this.#store.remove(entry);
      if (this.#isExpired(entry)) continue;
      this.#afterChange();
      return entry.message;
    }
    return undefined;
  }

  #take(request: ReceiveRequest): readonly ReceivedMessage[] {
    const now = this.#world.clock.now();
    const room = maximumInFlight - this.#store.counts().inFlight;
    const limit = Math.min(request.maximumMessages, room);
    const taken: Entry[] = [];
    let changed = false;
    while (taken.length < limit) {
      const entry = this.#store.next();
      if (entry === undefined) break;
      changed = true;
      if (this.#isExpired(entry)) this.#store.remove(entry);
      else if (this.#isReceivedTooOften(entry) && this.#world.deadLetter(this, entry.message))
        this.#store.remove(entry);
      else taken.push(entry);
    }
    const handed = taken.map((entry) => this.#hand(entry, now, request.visibilityTimeoutSeconds));
    if (changed) this.#world.changed(this);
    return handed;
  }

  #hand(entry: Entry, now: number, visibilityTimeoutSeconds: number): ReceivedMessage {
    entry.message.receiveCount += 1;
    entry.received += 1;
    entry.message.firstReceivedAt ??= now;
    entry.receipt += 1;
    entry.lastReceivedAt = now;
    if (visibilityTimeoutSeconds === 0) this.#store.show(entry, 'end');
    else this.#store.hide(entry, 'in-flight', now + visibilityTimeoutSeconds * 1_000);
    const receipt = { queueArn: this.arn, messageId: entry.message.id, receipt: entry.receipt };
    return { ...entry.message, receiptHandle: encodeReceiptHandle(receipt) };
  }

  /** By this queue's own deliveries: by the message's, two queues that name each other would pass it on for ever. */
  #isReceivedTooOften({ received }: Entry): boolean {
    const policy = this.#settings.redrivePolicy;
    return policy !== undefined && received >= policy.maxReceiveCount;
  }

  #isExpired({ message }: Entry): boolean {
    return this.#world.clock.now() >= message.sentAt + this.#settings.retentionSeconds * 1_000;
  }

  #dropExpired(): void {
    for (const entry of this.#store.entries()) if (this.#isExpired(entry)) this.#store.remove(entry);
  }

  #settle(): void {
    this.#store.settle(this.#world.clock.now());
  }

  #find(receiptHandle: string): { entry: Entry; isLatest: boolean } | undefined {
    const receipt = decodeReceiptHandle(receiptHandle);
    if (receipt === undefined || receipt.queueArn !== this.arn) throw receiptHandleIsInvalid(receiptHandle);
    const entry = this.#store.get(receipt.messageId);
    if (entry === undefined || this.#isExpired(entry)) return undefined;
    return { entry, isLatest: entry.receipt === receipt.receipt };
  }

  #wait(request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#polls.delete(poll);
        cancelDeadline();
        request.signal.removeEventListener('abort', leave);
        if (this.#polls.size === 0) this.#cancelWaking();
        settle();
      };
      const leave = () => end(() => resolve([]));
      const poll: Poll = {
        ...request,
        answer: (messages) => end(() => resolve(messages)),
        fail: (error) => end(() => reject(error)),
      };
      const cancelDeadline = this.#world.clock.after(request.waitSeconds * 1_000, leave);
      request.signal.addEventListener('abort', leave, { once: true });
      this.#polls.add(poll);
      this.#scheduleWaking();
    });
  }

  #afterChange(): void {
    this.#wake();
    this.#world.changed(this);
  }

  /** Serves the polls that wait, the longest waiting one first, as far as messages go. */
  #wake(): void {
    if (this.#polls.size === 0) return;
    this.#settle();
    for (const poll of this.#polls) {
      const taken = this.#take(poll);
      if (taken.length === 0) break;
      poll.answer(taken);
    }
    this.#scheduleWaking();
  }

  #scheduleWaking(): void {
    this.#cancelWaking();
    const next = this.#polls.size === 0 ? undefined : this.#store.nextVisibleAt();
    if (next === undefined) return;
    const delayMs = Math.max(0, next - this.#world.clock.now());
    this.#cancelWake = this.#world.clock.after(delayMs, () => this.#wake());
  }

  #cancelWaking(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }
}
