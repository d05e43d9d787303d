import type { Change } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';
import type { Policy } from './points.ts';

const parkThenRecord =
  /await queue\.park\((\{[^}]+\})\);\s*await recorded\(finish\(\{ known: 'nothing', parked: true \}\)\);/;
const note = '{ originalId, expiresAt, code, message: unclearText, traceId }';

export const defects: readonly Defect<Policy>[] = [
  {
    name: 'skips the claim: whatever the ledger has, the message is sent',
    where: 'hold',
    shows: 'duplicates',
    changes: [entry('entry === undefined || entry.forgetAt <= now) return take', 'true) return take')],
  },
  {
    name: 'writes UNKNOWN before the copy',
    where: 'hold',
    shows: 'lost',
    changes: [
      deliver(
        parkThenRecord,
        `await recorded(finish({ known: 'nothing', parked: true })); await queue.park(${note});`,
      ),
    ],
  },
  {
    name: 'acknowledges before the effect',
    where: 'hold',
    shows: 'lost',
    changes: [
      deliver(
        parkThenRecord,
        `void queue.park(${note}).then(() => recorded(finish({ known: 'nothing', parked: true })));`,
      ),
    ],
  },
  {
    name: 'gives the record up on an error',
    where: 'hold',
    shows: 'duplicates',
    changes: [
      entry("{ ...entry, state: 'UNKNOWN' } : undefined;", "{ ...entry, state: 'RETRY' } : undefined;"),
    ],
  },
  {
    name: 'takes a lapsed lease for a message that was never sent',
    where: 'hold',
    shows: 'duplicates',
    changes: [entry("request.resendUnclear ? take(request, 'repeated') : park(entry)", 'take(request)')],
  },
  {
    name: 'claims with a lease of 0',
    where: 'resend',
    shows: 'duplicates',
    changes: [{ file: 'lib/delivery/time.ts', find: /leaseMs = [^;]+;/, replace: 'leaseMs = 0;' }],
  },
  {
    name: 'claims without a condition on the table',
    where: 'hold',
    shows: 'duplicates',
    changes: [aws('ledger-table.ts', "{ ConditionExpression: 'attribute_not_exists(pk)' }", '{}')],
  },
  {
    name: 'does not wait until SQS has confirmed a copy',
    where: 'hold',
    shows: 'lost',
    changes: [
      aws(
        'send-queues.ts',
        'const answer = await client.send(',
        "const answer = { MessageId: 'assumed' }; void client.send(",
      ),
    ],
  },
  {
    name: 'reports no record of a batch as failed',
    where: 'resend',
    shows: 'lost',
    changes: [
      aws('batch.ts', 'if (!(await handle(record))) failed.add(record.messageId);', 'await handle(record);'),
    ],
  },
];

function deliver(find: string | RegExp, replace: string): Change {
  return { file: 'lib/delivery/deliver.ts', find, replace };
}

function entry(find: string, replace: string): Change {
  return { file: 'lib/delivery/ledger/entry.ts', find, replace };
}

function aws(name: string, find: string, replace: string): Change {
  return { file: `lib/aws/${name}`, find, replace };
}
