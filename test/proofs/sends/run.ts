import { formatCounts, missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { defects, harshnessOf, policies } from './defects.ts';
import type { Report } from './report.ts';
import { simulate } from './simulate.ts';
import { figuresOf } from './verdict.ts';

export const sends: Proof<'messages', (typeof policies)[number]> = {
  parts: { option: 'policy', values: policies },
  async *runs({ counts: { messages }, projectRoot, ...options }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
    for (const { seed, part: policy, where } of seedsAndParts(options)) {
      const report = await simulate({ shipped, stage, messages, policy, seed });
      yield { where, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects,
  async plant(defect, { counts: { messages }, seed, projectRoot }) {
    const { where: policy = 'hold', changes } = defect;
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
    const harshness = harshnessOf(defect);
    const report = await simulate({ shipped, stage, messages, policy, seed, harshness });
    return missesIn(policy, figuresOf(report));
  },
};

function detailsOf(report: Report): readonly string[] {
  return [
    `${report.messages} messages, ${report.accepted} accepted, ${report.requests} requests, ${report.invocations} invocations, ${Math.round(report.virtualSeconds / 60)} virtual minutes`,
    `injected: ${formatCounts(report.injected)}`,
    `in the DLQ at the end: ${formatCounts(report.deadLettersByReason)}`,
    `unclear answers ${report.unclearInjected}; messages held by an environment that ended ${report.killedInjected}; accepted with an id and unreported ${report.acceptedUnreported}`,
    `accepted again ${report.duplicates} (${report.duplicatesWithoutId} without an id; ${report.duplicatesByLedger} messages for the ledger's failing); outcome-unknown ${report.outcomeUnknown} (${report.outcomeUnknownByLedger} for the ledger's failing); called refused though accepted ${report.refusedButAccepted}`,
    ...report.examples,
    ...report.canaries,
  ];
}
