import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { batchSize, countMessages, giveBack } from '../target/queues.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';

/**
 * How long what is looked at stays hidden when nobody gives it back, in seconds: longer than a page of thousands takes,
 * and short enough for somebody whose command was killed.
 */
export const hiddenSeconds = 120;

/** So many empty answers in a row mean that nothing is left: a standard queue may answer empty while it holds some. */
const emptyAnswers = 3;

/** SQS lets 120,000 messages of a queue be out of sight at once, and then hands out none: the rest is for others. */
const mostHidden = 100_000;

export interface BrowseOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The business of messages that name none. */
  readonly businessId: string | undefined;
  /** How long a receive waits for a message. From 1 on, long polling, it asks all of SQS's servers. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
  /** How many receives, of ten letters each, may be under way while the queue has enough; 8 by default. */
  readonly atOnce?: number;
  /** How many letters are kept hidden at most; 100,000 by default. */
  readonly mostHeld?: number;
}

/**
 * What to do with a page of what was received at once; `removed` says that a letter is no longer there to be given back.
 * Resolves to whether there may be more.
 */
export type UsePage = (
  page: readonly DeadLetter[],
  removed: (letter: DeadLetter) => void,
) => Promise<'more' | 'enough'>;

export interface Browsed {
  readonly seen: number;
  /** About how many letters of a large queue have not been handed out. */
  readonly unseen: number;
}

/**
 * Receives everything that is visible on a dead-letter queue, page by page, each letter once, and hands it to `use`;
 * gives back what was not removed, however it ends. Of a letter that was used only its id is kept. A look counts as a
 * receive, which means nothing there: a dead-letter queue has no limit. Who looks at the same time sees less.
 */
export async function browseDeadLetters(options: BrowseOptions, use: UsePage): Promise<Browsed> {
  const { client, queueUrl, businessId, signal, atOnce = 8, mostHeld = mostHidden } = options;
  const hidden = new HiddenLetters(options);
  const seen = new Set<string>();
  let gone = 0;
  const removed = ({ messageId }: DeadLetter) => {
    if (hidden.forget(messageId)) gone += 1;
  };
  try {
    for (let nothingNew = 0, width = 1; nothingNew < emptyAnswers; ) {
      signal.throwIfAborted();
      const coming = width * batchSize;
      if (hidden.count + coming > mostHeld) await hidden.giveBackOldest(Math.max(coming, mostHeld / 10));
      const received = await hidden.receive(width);
      const letters = received.flatMap((message) => readDeadLetter(message, businessId) ?? []);
      // What was hidden for too long, or was given back, comes again.
      const page = letters.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId } of letters) seen.add(messageId);
      signal.throwIfAborted();
      if (page.length > 0 && (await use(page, removed)) === 'enough') return { seen: seen.size, unseen: 0 };
      nothingNew = page.length === 0 ? nothingNew + 1 : 0;
      // Nothing is waited for that SQS does not believe to be there.
      if (received.length === 0 && (await countMessages(client, queueUrl, signal)).waiting === 0) break;
      // One receive at a time is polite to a small queue; a large one would take an hour.
      width = received.length * 2 > width * batchSize ? Math.min(width * 2, atOnce) : 1;
    }
    if (!hidden.wasCrowded) return { seen: seen.size, unseen: 0 };
    const { waiting, outOfSight } = await countMessages(client, queueUrl, signal);
    return { seen: seen.size, unseen: Math.max(0, waiting + outOfSight - (seen.size - gone)) };
  } finally {
    await hidden.giveBackOldest(Infinity);
  }
}

/** What has been received and is to be given back. */
class HiddenLetters {
  /** Whether it had to do with more letters than can be hidden at once. */
  wasCrowded = false;
  readonly #options: BrowseOptions;
  /** The newest receipt handle of each, by message id, the longest hidden first. */
  readonly #handles = new Map<string, string>();

  constructor(options: BrowseOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#handles.size;
  }

  /** Receives so many times at once. None is lost: all handles are noted before one is read, or an error thrown. */
  async receive(times: number): Promise<Message[]> {
    const answers = await Promise.allSettled(Array.from({ length: times }, () => this.#receiveOnce()));
    return answers.flatMap((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  /** Whether it was hidden at all. */
  forget(messageId: string): boolean {
    return this.#handles.delete(messageId);
  }

  async giveBackOldest(count: number): Promise<void> {
    if (count < Infinity) this.wasCrowded = true;
    const oldest = [...this.#handles].slice(0, count);
    for (const [id] of oldest) this.#handles.delete(id);
    await giveBack(
      this.#options.client,
      this.#options.queueUrl,
      oldest.map(([, handle]) => handle),
    );
  }

  /** Not aborted by Ctrl-C, which would leave hidden what SQS has handed out by then; it ends within the wait. */
  async #receiveOnce(): Promise<Message[]> {
    const { client, queueUrl, waitSeconds } = this.#options;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    try {
      const { Messages: messages = [] } = await client.send(command);
      for (const { MessageId: id = '', ReceiptHandle: handle = '' } of messages) {
        this.#handles.delete(id);
        this.#handles.set(id, handle);
      }
      return messages;
    } catch (error) {
      // 120,000 are out of sight: others have them.
      if (!(error instanceof Error) || error.name !== 'OverLimit') throw error;
      this.wasCrowded = true;
      return [];
    }
  }
}
