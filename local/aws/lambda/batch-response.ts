import { isObject } from '../../../lib/message/json.ts';

/** What a mapping does with a batch after the function's answer: which messages it deletes, and why not the others. */
export interface BatchVerdict {
  /** Message ids to leave on the queue. Every other message of the batch is deleted. */
  readonly failed: ReadonlySet<string>;
  /** Why the whole batch counts as failed although the function succeeded. */
  readonly problem?: string;
}

/**
 * Reads a partial batch response by Lambda's rules. Nothing, null, an empty object, and an absent, null or empty
 * `batchItemFailures` mean full success. Anything that is not certainly a list of this batch's ids fails the whole
 * batch: not JSON, another shape, or an `itemIdentifier` that is misspelt, missing, null, empty or not in the batch.
 */
export function readBatchResponse(payload: string, messageIds: readonly string[]): BatchVerdict {
  if (payload.trim() === '') return allSucceeded;
  let response: unknown;
  try {
    response = JSON.parse(payload);
  } catch {
    return allFailed(messageIds, 'the response is not JSON');
  }
  if (response === null) return allSucceeded;
  if (!isObject(response)) return allFailed(messageIds, 'the response is not an object');

  const failures = response['batchItemFailures'];
  if (failures === undefined || failures === null) return allSucceeded;
  if (!Array.isArray(failures)) return allFailed(messageIds, 'batchItemFailures is not a list');

  const known = new Set(messageIds);
  const failed = new Set<string>();
  for (const failure of failures) {
    const id: unknown = isObject(failure) ? failure['itemIdentifier'] : undefined;
    if (typeof id !== 'string' || id === '') {
      return allFailed(messageIds, 'an entry of batchItemFailures has no itemIdentifier');
    }
    if (!known.has(id)) return allFailed(messageIds, 'an itemIdentifier is not in the batch');
    failed.add(id);
  }
  return { failed };
}

export function allFailed(messageIds: readonly string[], problem: string): BatchVerdict {
  return { failed: new Set(messageIds), problem };
}

export const allSucceeded: BatchVerdict = { failed: new Set() };
