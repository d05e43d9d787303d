import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CommandContext } from '../command.ts';
import { batchSize, countMessages } from '../target/queues.ts';
import type { Target } from '../target/target.ts';
import {
  type Browsed,
  type BrowseOptions,
  browseDeadLetters,
  hiddenSeconds,
  type UsePage,
} from './browsing.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterFilter, isMeant } from './filter.ts';

/** The sends dead-letter queue of a target. */
export interface DeadLetters {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Looks at every letter once, so many receives at once; see `browseDeadLetters`. */
  readonly browse: (use: UsePage, atOnce?: number) => Promise<Browsed>;
  /** Hands over those that are meant, one by one, up to the limit, and shows how far it is. None is kept. */
  readonly each: (filter: DeadLetterFilter, use: (letter: DeadLetter) => void) => Promise<Browsed>;
}

/** The local stack has one server, which knows at once what is there. */
const waitSecondsAt = { local: 0, deployed: 1 };

export async function browsingOf(
  target: Target,
  { signal, businessId }: { readonly signal: AbortSignal; readonly businessId?: string | undefined },
): Promise<BrowseOptions> {
  return {
    client: await target.aws.sqs(),
    queueUrl: target.output('SendsDlqUrl'),
    businessId: businessId ?? target.businessId,
    waitSeconds: waitSecondsAt[target.kind],
    signal,
  };
}

export async function openDeadLetters(
  target: Target,
  {
    signal,
    unread,
    progress,
    businessId,
  }: Pick<CommandContext, 'signal' | 'unread' | 'progress'> & { readonly businessId?: string | undefined },
): Promise<DeadLetters> {
  const options = await browsingOf(target, { signal, businessId });
  const { client, queueUrl } = options;
  return {
    client,
    queueUrl,
    browse: (use, atOnce = 8) => browseDeadLetters({ ...options, atOnce }, use),
    async each(filter, use) {
      const { waiting } = await countMessages(client, queueUrl, signal);
      const bar = await progress({ label: 'Looking', total: waiting });
      let left = filter.limit ?? Infinity;
      try {
        const { seen, unseen } = await browseDeadLetters(options, async (page) => {
          for (const letter of page.filter((each) => isMeant(each, filter, Date.now())).slice(0, left)) {
            left -= 1;
            use(letter);
          }
          bar.advance(page.length);
          return left > 0 && !unread.aborted ? 'more' : 'enough';
        });
        return { seen, unseen: left > 0 ? unseen : Math.max(0, waiting - seen) };
      } finally {
        bar.stop();
      }
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

/** Undefined where all have been looked at. */
export function unseenInWords({ unseen }: Browsed): string | undefined {
  return unseen === 0 ? undefined : `About ${unseen} more have not been looked at.`;
}

/** How many letters have which code. */
export class CodeCounts {
  total = 0;
  readonly #counts = new Map<string, number>();

  add({ code }: Pick<DeadLetter, 'code'>): void {
    this.total += 1;
    this.#counts.set(code, this.of(code) + 1);
  }

  of(code: string): number {
    return this.#counts.get(code) ?? 0;
  }

  /** The most frequent first. */
  list(): (readonly [code: string, count: number])[] {
    return [...this.#counts].toSorted(([, one], [, other]) => other - one);
  }
}

/** Deletes letters, and resolves to those that SQS has confirmed. */
export async function removeLetters(
  letters: readonly DeadLetter[],
  { client, queueUrl }: { client: SQSClient; queueUrl: string },
): Promise<Set<DeadLetter>> {
  const batches = Array.from({ length: Math.ceil(letters.length / batchSize) }, (_, index) =>
    letters.slice(index * batchSize, (index + 1) * batchSize),
  );
  const removed = await Promise.all(
    batches.map(async (batch) => {
      const command = new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        })),
      });
      return confirmed(batch, await client.send(command));
    }),
  );
  return new Set(removed.flat());
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
