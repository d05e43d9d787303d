// What happens on the queues, seen from the queues: which copies are made, and what is deleted.
import type { AwsService } from '../../../local/aws/protocols/service.ts';
import type { SqsInProcess } from '../../support/sqs-in-process.ts';
import { markPattern } from '../sends/vendor.ts';

export type QueueName = 'sends' | 'dlq' | 'outcomes';

export interface QueueWatchOptions {
  readonly sqs: Pick<SqsInProcess, 'sqs' | 'call'>;
  readonly nameOf: (queueUrl: string) => QueueName;
  /** Whether Connectly has the message of that mark. */
  readonly isAccepted: (mark: string) => boolean;
  /** Whether a delivery status with this body has been written down. */
  readonly isWrittenDown: (report: string) => boolean;
}

export interface QueueWatch {
  /** SQS's operations, for the handlers and their mappings. What goes past them is not watched. */
  readonly operations: AwsService['operations'];
  readonly deleted: number;
  /** Each in plain words. */
  readonly wronglyDeleted: readonly string[];
}

/** The copies of one message that have been made, and the deletions that nothing but a copy explains. */
interface Fate {
  parked: number;
  deadLettered: number;
  sentAgain: number;
  deletedForACopy: number;
}

/** Watches over the queues: a message may be deleted when Connectly has it, or somebody has a copy. */
export function watchQueues({ sqs, nameOf, isAccepted, isWrittenDown }: QueueWatchOptions): QueueWatch {
  const { call } = sqs;
  const fates = new Map<string, Fate>();
  /** What was handed out and is not deleted, by its receipt handle. */
  const bodies = new Map<string, string>();
  const wronglyDeleted: string[] = [];
  let deleted = 0;

  /** Of a message by its mark, of a report by its whole body. */
  function fateOf(body: string): Fate {
    const key = markIn(body) ?? body;
    const fate = fates.get(key) ?? { parked: 0, deadLettered: 0, sentAgain: 0, deletedForACopy: 0 };
    fates.set(key, fate);
    return fate;
  }

  function judge(from: QueueName, body: string): void {
    deleted += 1;
    const mark = markIn(body);
    const fate = fateOf(body);
    if (mark === undefined ? isWrittenDown(body) : isAccepted(mark)) return;
    if (from === 'sends' && fate.parked > 0) return;
    // Nobody has it but whoever reads a copy: each deletion needs one of its own.
    fate.deletedForACopy += 1;
    const copies = from === 'sends' ? fate.deadLettered : fate.deadLettered + fate.sentAgain;
    if (copies < fate.deletedForACopy) wronglyDeleted.push(`${mark ?? body} from ${from}: nobody has it`);
  }

  return {
    operations: {
      ...sqs.sqs.service.operations,
      async SendMessage(input) {
        const answer = await call('SendMessage', { ...input });
        const to = nameOf(String(input['QueueUrl']));
        const fate = fateOf(String(input['MessageBody']));
        if (to === 'dlq') fate.deadLettered += 1;
        if (to === 'outcomes') fate.parked += 1;
        if (to === 'sends') fate.sentAgain += 1;
        return answer;
      },
      async ReceiveMessage(input, { signal }) {
        const answer = await call('ReceiveMessage', { ...input }, signal);
        for (const { ReceiptHandle: handle, Body: body } of answer.Messages ?? []) bodies.set(handle, body);
        return answer;
      },
      async DeleteMessageBatch(input) {
        const answer = await call('DeleteMessageBatch', { ...input });
        const failed = new Set(listOf(answer, 'Failed').map((entry) => entry['Id']));
        for (const { Id: id, ReceiptHandle: handle } of listOf(input, 'Entries')) {
          const body = bodies.get(String(handle));
          // The second deletion of what stood in the batch twice finds nothing to delete.
          if (body === undefined || failed.has(id)) continue;
          bodies.delete(String(handle));
          judge(nameOf(String(input['QueueUrl'])), body);
        }
        return answer;
      },
    },
    get deleted() {
      return deleted;
    },
    wronglyDeleted,
  };
}

function listOf(container: object, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list: unknown = Object.entries(container).find(([member]) => member === name)?.[1];
  return Array.isArray(list) ? list : [];
}

function markIn(body: string): string | undefined {
  return markPattern.exec(body)?.[0];
}
