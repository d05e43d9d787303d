import type { PlantedReport } from '../harness/planted.ts';
import type { AwsProxy } from './aws-proxy.ts';
import type { Policy } from './points.ts';
import { runKills } from './run-kills.ts';
import type { Change, ScaledProject } from './scaled-project.ts';
import { missesOf } from './verdict.ts';

/** A defect as a change of the shipped modules' text, and the policy that it breaks. */
export interface Defect {
  readonly name: string;
  readonly policy: Policy;
  readonly changes: readonly Change[];
  /** Which figure has to show it: one that is missed for another reason would prove nothing. */
  readonly shows: 'lost' | 'duplicates';
}

/** The functions as they are. */
type Control = Pick<Defect, 'name' | 'policy'>;

const parkThenRecord =
  /await queue\.park\((\{[^}]+\})\);\s*await recorded\(finish\(\{ known: 'nothing', parked: true \}\)\);/;
const note = '{ originalId, expiresAt, code, message: unclearText, traceId }';

export const defects: readonly Defect[] = [
  {
    name: 'skips the claim: whatever the ledger has, the message is sent',
    policy: 'hold',
    shows: 'duplicates',
    changes: [entry('entry === undefined || entry.forgetAt <= now) return take', 'true) return take')],
  },
  {
    name: 'writes UNKNOWN before the copy',
    policy: 'hold',
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
    policy: 'hold',
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
    policy: 'hold',
    shows: 'duplicates',
    changes: [
      entry("{ ...entry, state: 'UNKNOWN' } : undefined;", "{ ...entry, state: 'RETRY' } : undefined;"),
    ],
  },
  {
    name: 'takes a lapsed lease for a message that was never sent',
    policy: 'hold',
    shows: 'duplicates',
    changes: [entry("request.resendUnclear ? take(request, 'repeated') : park(entry)", 'take(request)')],
  },
  {
    name: 'claims with a lease of 0',
    policy: 'resend',
    shows: 'duplicates',
    changes: [{ file: 'lib/delivery/time.ts', find: /leaseMs = [^;]+;/, replace: 'leaseMs = 0;' }],
  },
  {
    name: 'claims without a condition on the table',
    policy: 'hold',
    shows: 'duplicates',
    changes: [aws('ledger-table.ts', "{ ConditionExpression: 'attribute_not_exists(pk)' }", '{}')],
  },
  {
    name: 'does not wait until SQS has confirmed a copy',
    policy: 'hold',
    shows: 'lost',
    changes: [
      aws(
        'queue-copies.ts',
        'const answer = await client.send(',
        "const answer = { MessageId: 'assumed' }; void client.send(",
      ),
    ],
  },
  {
    name: 'reports no record of a batch as failed',
    policy: 'resend',
    shows: 'lost',
    changes: [
      aws('batch.ts', 'if (!(await handle(record))) failed.add(record.messageId);', 'await handle(record);'),
    ],
  },
];

/** Without a defect, the functions must reach every figure. */
export const controls: readonly Control[] = [
  { name: 'nothing is planted', policy: 'hold' },
  { name: 'nothing is planted', policy: 'resend' },
];

export interface Planting {
  readonly bench: { readonly project: ScaledProject; readonly proxy: AwsProxy };
  readonly kills: number;
  readonly seed: number;
}

/** Runs the functions with a defect in them, or as they are. */
export async function plant(
  planted: Defect | Control,
  { bench, kills, seed }: Planting,
): Promise<PlantedReport> {
  const { name: defect, policy } = planted;
  await bench.project.plant('changes' in planted ? planted.changes : []);
  try {
    const report = await runKills({ ...bench, policy, kills, seed, underWay: 40, patienceMs: 20_000 });
    const misses = missesOf(report);
    const isAsExpected =
      'shows' in planted ? misses.some((miss) => miss.includes(` ${planted.shows}`)) : misses.length === 0;
    return { defect, where: `${policy}, ${report.kills} kills`, misses, isAsExpected };
  } finally {
    await bench.project.plant([]);
  }
}

function deliver(find: string | RegExp, replace: string): Change {
  return { file: 'lib/delivery/deliver.ts', find, replace };
}

function entry(find: string, replace: string): Change {
  return { file: 'lib/delivery/ledger/entry.ts', find, replace };
}

function aws(name: string, find: string, replace: string): Change {
  return { file: `lib/aws/${name}`, find, replace };
}
