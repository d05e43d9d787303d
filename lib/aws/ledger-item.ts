import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LedgerEntry } from '../delivery/ledger/entry.ts';
import type { StoredEntry } from '../delivery/ledger/ledger.ts';
import { RelayError } from '../errors.ts';

export type Item = Record<string, AttributeValue>;

const states = ['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const;
const doubts = ['repeated', 'released'] as const;

/**
 * An entry as an item of the table. DynamoDB's time to live counts in whole seconds: `forgetAt` is rounded up, because
 * an entry that is forgotten too early is a message sent twice.
 */
export function toItem(key: string, { entry, revision }: StoredEntry): Item {
  return {
    pk: { S: key },
    state: { S: entry.state },
    content: { S: entry.content },
    attempt: { S: entry.attempt },
    leaseUntil: { N: String(entry.leaseUntil) },
    ...(entry.vendorId !== undefined && { vendorId: { S: entry.vendorId } }),
    ...(entry.doubt !== undefined && { doubt: { S: entry.doubt } }),
    forgetAt: { N: String(Math.ceil(entry.forgetAt / 1000)) },
    revision: { N: String(revision) },
  };
}

/** Reads an item. Throws `ledger-invalid` when somebody else's hand has made it something that is no entry. */
export function fromItem(item: Item): StoredEntry {
  const state = states.find((one) => one === item['state']?.S);
  const content = item['content']?.S;
  const attempt = item['attempt']?.S;
  if (state === undefined || content === undefined || attempt === undefined) throw invalid();
  const vendorId = item['vendorId']?.S;
  const doubt = doubts.find((one) => one === item['doubt']?.S);
  const entry: LedgerEntry = {
    state,
    content,
    attempt,
    leaseUntil: number(item['leaseUntil']),
    ...(vendorId !== undefined && { vendorId }),
    ...(doubt !== undefined && { doubt }),
    forgetAt: number(item['forgetAt']) * 1000,
  };
  return { entry, revision: number(item['revision']) };
}

/** Whether two items say the same. Attributes that are not the ledger's do not count. */
export function areSame(one: StoredEntry, other: StoredEntry): boolean {
  const [first, second] = [one, other].map((stored) => JSON.stringify(toItem('', stored)));
  return first === second;
}

function number(value: AttributeValue | undefined): number {
  const read = Number(value?.N);
  if (!Number.isSafeInteger(read)) throw invalid();
  return read;
}

function invalid(): RelayError {
  return new RelayError('ledger-invalid', 'An item of the ledger table is not an entry of the ledger.');
}
