import { AwsError, type AwsOperation } from '../protocols/service.ts';
import type { SqsEngine } from './engine.ts';
import { batchError } from './errors.ts';
import { type Input, objectOf, optionalList, optionalString } from './input.ts';
import { changeVisibilityOfOne, deleteOne, entrySizeBytes, sendOne } from './message-operations.ts';
import type { QueueUrls } from './queue-urls.ts';

const maximumEntries = 10;
/** A batch is limited as a whole like a single message, whatever the queue's own maximum is. */
const maximumBatchBytes = 1_048_576;

/** The operations on up to ten messages at once: what is wrong with one entry fails that entry alone. */
export function batchOperations(engine: SqsEngine, urls: QueueUrls) {
  return {
    async SendMessageBatch(input) {
      const queue = urls.find(engine, input);
      const entries = entriesOf(input, 'SendMessageBatchRequestEntry');
      const size = entries.reduce((total, { entry }) => total + entrySizeBytes(entry), 0);
      if (size > maximumBatchBytes)
        throw batchError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${maximumBatchBytes} bytes. You have sent ${size} bytes.`,
        );
      return resultsOf(entries, (entry) => sendOne(engine, queue, entry));
    },

    async DeleteMessageBatch(input) {
      const queue = urls.find(engine, input);
      return resultsOf(entriesOf(input, 'DeleteMessageBatchRequestEntry'), (entry) => {
        deleteOne(queue, entry);
        return {};
      });
    },

    async ChangeMessageVisibilityBatch(input) {
      const queue = urls.find(engine, input);
      return resultsOf(entriesOf(input, 'ChangeMessageVisibilityBatchRequestEntry'), (entry) => {
        changeVisibilityOfOne(queue, entry);
        return {};
      });
    },
  } satisfies Record<string, AwsOperation>;
}

interface Entry {
  readonly id: string;
  readonly entry: Input;
}

/** What refuses the whole batch comes first. */
function entriesOf(input: Input, entryName: string): readonly Entry[] {
  const entries = (optionalList(input, 'Entries') ?? []).map((value) => {
    const entry = objectOf(value);
    return { id: optionalString(entry, 'Id') ?? '', entry };
  });
  if (entries.length === 0)
    throw batchError('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`);
  if (entries.length > maximumEntries)
    throw batchError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maximumEntries}. You have sent ${entries.length}.`,
    );
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (!/^[\w-]{1,80}$/.test(id))
      throw batchError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    if (seen.has(id)) throw batchError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

function resultsOf(entries: readonly Entry[], run: (entry: Input) => object): object {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const { id, entry } of entries) {
    try {
      successful.push({ Id: id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.queryCode === undefined) throw error;
      failed.push({ Id: id, SenderFault: true, Code: error.queryCode, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
