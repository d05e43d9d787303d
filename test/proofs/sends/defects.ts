// The shipped modules with one defect each: a line changed. A simulation that does not miss a figure with every one of
// them could not be believed when it passes.
import type { IfUnclear } from '../../../lib/message/message.ts';
import type { Change } from '../harness/planted-changes.ts';

export interface Defect {
  readonly name: string;
  /** Under which it must be noticed. */
  readonly policy: IfUnclear;
  readonly changes: readonly Change[];
  /** Where what it needs to show is rare: a small run must meet it many times, not once or twice. */
  readonly harshness?: number;
}

const ledgerEntry = 'lib/delivery/ledger/entry.ts';
const deliver = 'lib/delivery/deliver.ts';
const ledgerTable = 'lib/aws/ledger-table.ts';

const rough = 20;

/** Built in the same way and without a defect, these must reach every figure. */
export const controls: readonly Defect[] = [
  { name: 'nothing', policy: 'hold', changes: [] },
  { name: 'nothing, where much fails', policy: 'hold', changes: [], harshness: rough },
  { name: 'nothing', policy: 'settle', changes: [] },
  { name: 'nothing', policy: 'resend', changes: [] },
];

export const defects: readonly Defect[] = [
  {
    name: 'sends again what an attempt left behind, under hold',
    policy: 'hold',
    harshness: rough,
    changes: [
      {
        file: ledgerEntry,
        find: "return request.resendUnclear ? take(request, 'repeated') : park(entry);",
        replace: 'return take(request);',
      },
    ],
  },
  {
    name: 'acknowledges an unclear send without parking a copy',
    policy: 'hold',
    changes: [
      {
        file: deliver,
        find: 'await queue.park({ originalId, expiresAt, code, message: unclearText, traceId });',
        replace: '',
      },
    ],
  },
  {
    name: 'forgets what is refused instead of telling people',
    policy: 'hold',
    changes: [
      {
        file: deliver,
        find: 'return queue.deadLetter({ originalId, expiresAt, ...outcome, traceId: outcome.traceId });',
        replace: 'return Promise.resolve();',
      },
    ],
  },
  {
    name: 'takes the lease of an attempt under way',
    policy: 'hold',
    harshness: rough,
    changes: [
      {
        file: ledgerEntry,
        find: "if (entry.leaseUntil > now) return { verdict: 'busy', until: entry.leaseUntil };",
        replace: 'if (entry.leaseUntil > now) return take(request);',
      },
    ],
  },
  {
    name: 'forgets a parked copy that somebody moved back',
    policy: 'hold',
    changes: [
      {
        file: ledgerEntry,
        find: "return request.isCopy ? park(entry) : { verdict: 'duplicate' };",
        replace: "return { verdict: 'duplicate' };",
      },
    ],
  },
  {
    name: 'leaves what was certainly not sent as under way when a queue does not answer',
    policy: 'hold',
    harshness: rough,
    changes: [
      {
        file: deliver,
        find: '    } finally {\n      await recorded(finish());\n    }',
        replace: '      await recorded(finish());\n    } finally {\n    }',
      },
    ],
  },
  {
    name: 'gives up waiting for a status and forgets the copy',
    policy: 'settle',
    changes: [
      {
        file: 'lib/delivery/settle.ts',
        find: 'return sendAgain(sendable, effects);',
        replace: "return { result: 'released' };",
      },
    ],
  },
  {
    name: 'does not wait for a status before it sends again',
    policy: 'settle',
    changes: [
      {
        file: ledgerEntry,
        find: 'const until = entry.leaseUntil + waitMs;',
        replace: 'const until = entry.leaseUntil * 0 + waitMs * 0;',
      },
    ],
  },
  {
    name: 'sends without claiming again under resend, whatever was sent before',
    policy: 'resend',
    changes: [
      {
        file: ledgerEntry,
        find: "    case 'SENT':\n      return { verdict: 'duplicate' };",
        replace: "    case 'SENT':\n      return take(request);",
      },
    ],
  },
  {
    name: 'reports no message of a batch as failed',
    policy: 'hold',
    changes: [
      {
        file: 'lib/aws/batch.ts',
        find: 'if (!(await handle(record))) failed.add(record.messageId);',
        replace: 'await handle(record);',
      },
    ],
  },
  {
    name: 'acknowledges what fails for a reason that nobody thought of',
    policy: 'hold',
    changes: [
      {
        file: 'lib/aws/batch.ts',
        find: '      failed.add(record.messageId);\n      onBug(error, record);',
        replace: '      onBug(error, record);',
      },
    ],
  },
  {
    name: 'writes to the ledger without a condition',
    policy: 'hold',
    changes: [
      { file: ledgerTable, find: "{ ConditionExpression: 'attribute_not_exists(pk)' }", replace: '{}' },
    ],
  },
  {
    name: 'takes every refused write for its own that succeeded',
    policy: 'hold',
    changes: [
      {
        file: ledgerTable,
        find: 'return current !== undefined && areSame(current, stored)',
        replace: 'return current !== undefined',
      },
    ],
  },
  {
    name: 'copies a message without its key',
    policy: 'hold',
    changes: [
      { file: 'lib/aws/send-queues.ts', find: '[relayAttributes.id]: text(originalId),', replace: '' },
    ],
  },
  {
    name: 'takes the null that AWS sends for a value',
    policy: 'hold',
    // Behind a batching window, the value that an attribute does not have is null.
    changes: [
      {
        file: 'lib/aws/send-queues.ts',
        find: "if (typeof stringValue === 'string') return",
        replace: 'if (stringValue !== undefined && binaryValue === undefined) return',
      },
      {
        file: 'lib/aws/send-queues.ts',
        find: "if (typeof binaryValue === 'string') {",
        replace: 'if (binaryValue !== undefined) {',
      },
    ],
  },
  {
    name: 'puts a copy nowhere and says that it is there',
    policy: 'hold',
    changes: [
      {
        file: 'lib/aws/send-queues.ts',
        find: 'park: (note) => copyRecord(client, record, urls.outcomesQueueUrl, note),',
        replace: 'park: async () => {},',
      },
    ],
  },
];
