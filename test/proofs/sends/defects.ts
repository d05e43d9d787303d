// The shipped modules with one defect each: a line changed. A simulation that does not miss a figure with every one of
// them could not be believed when it passes.
import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';

export const policies = ['hold', 'settle', 'resend'] as const;

export interface SendsDefect extends Defect<(typeof policies)[number]> {
  /** Where what it needs to show is rare: a small run must meet it many times, not once or twice. */
  readonly harshness?: number;
}

const ledgerEntry = 'lib/delivery/ledger/entry.ts';
const deliver = 'lib/delivery/deliver.ts';
const ledgerTable = 'lib/aws/ledger-table.ts';
const wiring = 'lib/compose/send-message.ts';

const rough = 20;

export const defects: readonly SendsDefect[] = [
  { name: 'nothing, where much fails', where: 'hold', harshness: rough, changes: [] },
  {
    name: 'sends again what an attempt left behind, under hold',
    where: 'hold',
    harshness: rough,
    changes: inFile(
      ledgerEntry,
      "return request.resendUnclear ? take(request, 'repeated') : park(entry);",
      'return take(request);',
    ),
  },
  {
    name: 'acknowledges an unclear send without parking a copy',
    where: 'hold',
    changes: inFile(
      deliver,
      'await queue.park({ originalId, expiresAt, code, message: unclearText, traceId });',
      '',
    ),
  },
  {
    name: 'forgets what is refused instead of telling people',
    where: 'hold',
    changes: inFile(
      deliver,
      'return queue.deadLetter({ originalId, expiresAt, ...outcome, traceId: outcome.traceId });',
      'return Promise.resolve();',
    ),
  },
  {
    name: 'takes the lease of an attempt under way',
    where: 'hold',
    harshness: rough,
    changes: inFile(
      ledgerEntry,
      "if (entry.leaseUntil > now) return { verdict: 'busy', until: entry.leaseUntil };",
      'if (entry.leaseUntil > now) return take(request);',
    ),
  },
  {
    name: 'forgets a parked copy that somebody moved back',
    where: 'hold',
    changes: inFile(
      ledgerEntry,
      "return request.isCopy ? park(entry) : { verdict: 'duplicate' };",
      "return { verdict: 'duplicate' };",
    ),
  },
  {
    name: 'leaves what was certainly not sent as under way when a queue does not answer',
    where: 'hold',
    harshness: rough,
    changes: inFile(
      deliver,
      '    } finally {\n      await recorded(finish());\n    }',
      '      await recorded(finish());\n    } finally {\n    }',
    ),
  },
  {
    name: 'gives up waiting for a status and forgets the copy',
    where: 'settle',
    changes: inFile(
      'lib/delivery/settle.ts',
      'return sendAgain(sendable, effects);',
      "return { result: 'released' };",
    ),
  },
  {
    name: 'does not wait for a status before it sends again',
    where: 'settle',
    changes: inFile(
      ledgerEntry,
      'const until = Math.max(entry.leaseUntil + waitMs, lookAgainAt);',
      'const until = now;',
    ),
  },
  {
    name: 'sends without claiming again under resend, whatever was sent before',
    where: 'resend',
    changes: inFile(
      ledgerEntry,
      "    case 'SENT':\n      return { verdict: 'duplicate' };",
      "    case 'SENT':\n      return take(request);",
    ),
  },
  {
    name: 'reports no message of a batch as failed',
    where: 'hold',
    changes: inFile(
      'lib/aws/batch.ts',
      'if (!(await handle(record))) failed.add(record.messageId);',
      'await handle(record);',
    ),
  },
  {
    name: 'acknowledges what fails for a reason that nobody thought of',
    where: 'hold',
    changes: inFile(
      'lib/aws/batch.ts',
      '      failed.add(record.messageId);\n      onBug(error, record);',
      '      onBug(error, record);',
    ),
  },
  {
    name: 'writes to the ledger without a condition',
    where: 'hold',
    changes: inFile(ledgerTable, "{ ConditionExpression: 'attribute_not_exists(pk)' }", '{}'),
  },
  {
    name: 'takes every refused write for its own that succeeded',
    where: 'hold',
    changes: inFile(
      ledgerTable,
      'return current !== undefined && areSame(current, stored)',
      'return current !== undefined',
    ),
  },
  {
    name: 'copies a message without its key',
    where: 'hold',
    harshness: rough,
    changes: inFile('lib/aws/send-queues.ts', '[relayAttributes.id]: text(originalId),', ''),
  },
  {
    name: 'takes the null that AWS sends for a value',
    where: 'hold',
    // Behind a batching window, the value that an attribute does not have is null.
    changes: [
      ...inFile(
        'lib/aws/send-queues.ts',
        "if (typeof stringValue === 'string') return",
        'if (stringValue !== undefined && binaryValue === undefined) return',
      ),
      ...inFile(
        'lib/aws/send-queues.ts',
        "if (typeof binaryValue === 'string') {",
        'if (binaryValue !== undefined) {',
      ),
    ],
  },
  {
    name: 'puts a copy nowhere and says that it is there',
    where: 'hold',
    changes: inFile(
      'lib/aws/send-queues.ts',
      'park: (note) => copyRecord(client, record, urls.outcomesQueueUrl, note),',
      'park: async () => {},',
    ),
  },
  {
    name: 'claims messages for a millisecond',
    where: 'hold',
    changes: inFile(wiring, 'createClaim({ store, leaseMs, now,', 'createClaim({ store, leaseMs: 1, now,'),
  },
  {
    name: 'sends under the policy of another stage',
    where: 'hold',
    changes: inFile(wiring, 'settings: config,', "settings: { ...config, ifUnclear: 'resend' },"),
  },
  {
    name: 'parks what people must see, and shows them what is parked',
    where: 'hold',
    changes: inFile(
      wiring,
      'sqsQueueEffects(sqs, config)',
      'sqsQueueEffects(sqs, { ...config, sendsDlqUrl: config.outcomesQueueUrl, outcomesQueueUrl: config.sendsDlqUrl })',
    ),
  },
  {
    name: 'has a clock of its own',
    where: 'hold',
    changes: inFile(wiring, 'const now = () => clock.now();', 'const now = () => Date.now();'),
  },
];

/** Things fail often enough for every defect to show in a small run. */
const usualHarshness = 6;

export function harshnessOf({ name }: Defect): number {
  return defects.find((defect) => defect.name === name)?.harshness ?? usualHarshness;
}
