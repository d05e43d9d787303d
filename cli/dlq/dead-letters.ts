import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { batchSize, countMessages, giveBack } from '../target/queues.ts';
import type { Target } from '../target/target.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { type DeadLetterFilter, isMeant } from './filter.ts';

/**
 * How long what is looked at stays hidden when nobody gives it back, in seconds: longer than a page of thousands takes,
 * and short enough for somebody whose command was killed.
 */
const hiddenSeconds = 120;

/** So many empty answers in a row mean that nothing is left: a standard queue may answer empty while it holds some. */
const emptyAnswers = 3;

/** The sends dead-letter queue of a target. */
export interface DeadLetters {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Looks at every letter once; see `browseDeadLetters`. */
  readonly browse: (use: UsePage) => Promise<number>;
  /** Those that are meant, oldest first, up to the limit. All are given back before this resolves. */
  readonly list: (filter: DeadLetterFilter) => Promise<DeadLetter[]>;
}

/** The local stack has one server, which knows at once what is there. */
const waitSecondsAt = { local: 0, deployed: 1 };

export async function openDeadLetters(
  target: Target,
  { signal, businessId }: { signal: AbortSignal; businessId?: string | undefined },
): Promise<DeadLetters> {
  const options: BrowseOptions = {
    client: await target.aws.sqs(),
    queueUrl: target.output('SendsDlqUrl'),
    businessId: businessId ?? target.businessId,
    waitSeconds: waitSecondsAt[target.kind],
    signal,
  };
  return {
    client: options.client,
    queueUrl: options.queueUrl,
    browse: (use) => browseDeadLetters(options, use),
    async list(filter) {
      const found: DeadLetter[] = [];
      await browseDeadLetters(options, async (page) => {
        found.push(...page.filter((letter) => isMeant(letter, filter, Date.now())));
        return 'more';
      });
      return found.toSorted((one, other) => one.queuedAt - other.queuedAt).slice(0, filter.limit);
    },
  };
}

/** Says of no letters why there may be some all the same; undefined where none is out of sight. */
export async function outOfSightInWords(
  { client, queueUrl }: Pick<DeadLetters, 'client' | 'queueUrl'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { outOfSight } = await countMessages(client, queueUrl, signal);
  if (outOfSight === 0) return undefined;
  return `None is in sight, and ${outOfSight} are out of sight: another command looks at them, or was killed. Try again in ${hiddenSeconds / 60} minutes.`;
}

export interface BrowseOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The business of messages that name none. */
  readonly businessId: string | undefined;
  /** How long a receive waits for a message. From 1 on, long polling, it asks all of SQS's servers. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * What to do with a page of at most ten; `removed` says that a letter is no longer there to be given back. Resolves to
 * whether there may be more.
 */
export type UsePage = (
  page: readonly DeadLetter[],
  removed: (letter: DeadLetter) => void,
) => Promise<'more' | 'enough'>;

/**
 * Receives everything that is visible on a dead-letter queue, page by page, each letter once, and hands it to `use`;
 * gives back what was not removed, however it ends. A look counts as a receive, which means nothing there: a
 * dead-letter queue has no limit. Who looks at the same time sees less. Resolves to how many were seen.
 */
export async function browseDeadLetters(options: BrowseOptions, use: UsePage): Promise<number> {
  const { client, queueUrl, businessId, signal } = options;
  /** The newest receipt handle of what is hidden, by message id. */
  const held = new Map<string, string>();
  const seen = new Set<string>();
  try {
    for (let nothingNew = 0; nothingNew < emptyAnswers; ) {
      signal.throwIfAborted();
      const received = await receive(options);
      // Before anything is read: whatever happens, it is given back.
      for (const { MessageId: id = '', ReceiptHandle: handle = '' } of received) held.set(id, handle);
      const letters = received.flatMap((message) => readDeadLetter(message, businessId) ?? []);
      // What was hidden for too long comes again.
      const page = letters.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId } of letters) seen.add(messageId);
      signal.throwIfAborted();
      const wanted = page.length === 0 ? 'more' : await use(page, ({ messageId }) => held.delete(messageId));
      if (wanted === 'enough') break;
      nothingNew = page.length === 0 ? nothingNew + 1 : 0;
      // Nothing is waited for that SQS does not believe to be there.
      if (received.length === 0 && (await countMessages(client, queueUrl, signal)).waiting === 0) break;
    }
    return seen.size;
  } finally {
    await giveBack(client, queueUrl, [...held.values()]);
  }
}

/** Not aborted by Ctrl-C, which would leave hidden what SQS has handed out by then; it ends within the wait. */
async function receive({ client, queueUrl, waitSeconds }: BrowseOptions): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: batchSize,
    VisibilityTimeout: hiddenSeconds,
    WaitTimeSeconds: waitSeconds,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  const { Messages: messages = [] } = await client.send(command);
  return messages;
}

/** Letters by their code, the most frequent first. */
export function byCode<Letter extends Pick<DeadLetter, 'code'>>(
  letters: readonly Letter[],
): (readonly [code: string, letters: readonly Letter[]])[] {
  return [...new Set(letters.map(({ code }) => code))]
    .map((code) => [code, letters.filter((letter) => letter.code === code)] as const)
    .toSorted(([, one], [, other]) => other.length - one.length);
}

/** Deletes letters, ten at most, and resolves to those that SQS has confirmed. */
export async function removeLetters(
  letters: readonly DeadLetter[],
  { client, queueUrl }: { client: SQSClient; queueUrl: string },
): Promise<Set<DeadLetter>> {
  if (letters.length === 0) return new Set();
  const command = new DeleteMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: letters.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
  });
  return new Set(confirmed(letters, await client.send(command)));
}

/** Those of a batch that SQS has confirmed, each by its place as its id. */
export function confirmed<Item>(
  batch: readonly Item[],
  {
    Successful: successful = [],
  }: { readonly Successful: readonly { readonly Id: string | undefined }[] | undefined },
): Item[] {
  return batch.filter((_, index) => successful.some(({ Id: id }) => id === String(index)));
}
