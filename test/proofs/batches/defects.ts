// The shipped handlers with one defect each. A run that passed with any of them could not be believed.
import type { Defect } from '../harness/proof.ts';
import type { Part } from './run-part.ts';

function inFile(file: string, where: Part, name: string, find: string, replace: string): Defect<Part> {
  return { name, where, changes: [{ file, find, replace }] };
}

const batch = 'lib/aws/batch.ts';
const handled = 'if (!(await handle(record))) failed.add(record.messageId);';

export const defects: readonly Defect<Part>[] = [
  inFile(batch, 'runner', 'forgets records that are not done', handled, 'await handle(record);'),
  inFile(
    batch,
    'runner',
    'forgets records whose handling throws',
    'failed.add(record.messageId);\n      onBug(error, record);',
    'onBug(error, record);',
  ),
  inFile(
    batch,
    'runner',
    'forgets that a twin failed once the other one went well',
    handled,
    'if (await handle(record)) failed.delete(record.messageId); else failed.add(record.messageId);',
  ),
  inFile(
    batch,
    'runner',
    'misspells what Lambda reads',
    '({ itemIdentifier })',
    '({ itemIdentifer: itemIdentifier })',
  ),
  inFile(batch, 'runner', 'fails whole when a bug cannot be told', 'Promise.allSettled', 'Promise.all'),
  inFile(batch, 'handlers', 'leaves a record out', 'records.map(run)', 'records.slice(1).map(run)'),
  inFile(
    'lib/aws/send-queues.ts',
    'handlers',
    'takes a copy for made that SQS did not confirm',
    'answer.MessageId === undefined',
    'false',
  ),
  inFile(
    'lib/aws/send-queues.ts',
    'handlers',
    'parks nothing and says that it did',
    'park: (note) => copyRecord(client, record, urls.outcomesQueueUrl, note),',
    'park: async () => {},',
  ),
  inFile(
    'lib/delivery/deliver.ts',
    'handlers',
    'tells nobody what is refused',
    'return queue.deadLetter({ originalId, expiresAt, ...outcome, traceId: outcome.traceId });',
    'return Promise.resolve();',
  ),
  inFile(
    'lib/delivery/settle.ts',
    'handlers',
    'gives a parked message up without a word',
    "case 'hand-over':\n        return giveUp(sendable, effects);",
    "case 'hand-over':\n        return { result: 'outcome-unknown' };",
  ),
  inFile(
    'lib/compose/settle-send.ts',
    'handlers',
    'acknowledges what waits for a status',
    "return settlement.result !== 'waiting';",
    'return true;',
  ),
  inFile(
    'lib/compose/send-message.ts',
    'times',
    'believes that there is always time',
    'context.getRemainingTimeInMillis() >= timeForOneMessageMs',
    'true',
  ),
  inFile(
    'lib/delivery/time.ts',
    'times',
    'forgets that a refused key costs a second request',
    '2 * (keyBudgetMs + requestDeadlineMs)',
    '(keyBudgetMs + requestDeadlineMs)',
  ),
  inFile(
    'lib/delivery/time.ts',
    'times',
    'forgets that the ledger takes its time',
    '2 * decisionBudgetMs +',
    '',
  ),
  inFile('lib/delivery/dispatch/dispatcher.ts', 'times', 'begins whatever comes', '|| !next.canFinish()', ''),
  inFile(
    'lib/delivery/ledger/ledger.ts',
    'times',
    'gives every call of a decision a budget of its own',
    'await store.replace(key, current.revision, decision.write, signal)',
    'await store.replace(key, current.revision, decision.write, AbortSignal.timeout(decisionBudgetMs))',
  ),
  inFile(
    'lib/aws/secrets.ts',
    'times',
    'waits for a key as long as it takes',
    'AbortSignal.timeout(secretBudgetMs)',
    'AbortSignal.timeout(10 * secretBudgetMs)',
  ),
];
