import { dynamoLedger } from '../../lib/aws/ledger-table.ts';
import type { Target } from '../target/target.ts';
import { browseDeadLetters, type UsePage } from './browse.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterFilter, isMeant } from './filter.ts';
import { type PlannedLetter, type RedrivePorts, redriveLetters, removeLetters } from './redrive-letters.ts';

/** The sends dead-letter queue of a target, and what it takes to move its letters. */
export interface DeadLetters extends RedrivePorts {
  /** Looks at every letter once; see `browseDeadLetters`. */
  browse(use: UsePage): Promise<number>;
  /** Those that are meant, oldest first, up to the limit. All are given back before this resolves. */
  list(filter: DeadLetterFilter): Promise<DeadLetter[]>;
  /** See `redriveLetters`. */
  redrive(planned: readonly PlannedLetter[]): Promise<Set<DeadLetter>>;
  /** Deletes ten at most; resolves to those that are gone. */
  remove(letters: readonly DeadLetter[]): Promise<Set<DeadLetter>>;
}

/** The local stack has one server, which knows at once what is there. */
const waitSeconds = { local: 0, deployed: 1 };

export async function openDeadLetters(
  target: Target,
  { signal, businessId }: { signal: AbortSignal; businessId?: string | undefined },
): Promise<DeadLetters> {
  const client = await target.aws.sqs();
  const deadLetterQueueUrl = target.output('SendsDlqUrl');
  const browseOptions = {
    client,
    queueUrl: deadLetterQueueUrl,
    businessId: businessId ?? target.businessId,
    waitSeconds: waitSeconds[target.kind],
    signal,
  };
  const ports: RedrivePorts = {
    client,
    deadLetterQueueUrl,
    sendsQueueUrl: target.output('SendsQueueUrl'),
    ledger: dynamoLedger(await target.aws.dynamoDb(), target.output('LedgerTableName')),
    now: Date.now,
  };
  return {
    ...ports,
    redrive: (planned) => redriveLetters(planned, ports),
    remove: (letters) => removeLetters(letters, { client, queueUrl: deadLetterQueueUrl }),
    browse: (use) => browseDeadLetters(browseOptions, use),
    async list(filter) {
      const found: DeadLetter[] = [];
      await browseDeadLetters(browseOptions, async (page) => {
        found.push(...page.filter((letter) => isMeant(letter, filter, Date.now())));
        return 'more';
      });
      return found.toSorted((one, other) => one.queuedAt - other.queuedAt).slice(0, filter.limit);
    },
  };
}
