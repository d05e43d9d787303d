import { formatCounts, missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { defects } from './defects.ts';
import { figuresOf, type Report, simulate } from './simulate.ts';

export const webhooks: Proof<'events'> = {
  async *runs({ counts: { events }, seeds, projectRoot }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
    for (const seed of seeds) {
      const report = await simulate({ shipped, stage, events, seed });
      yield { where: `seed ${seed}`, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects,
  async plant({ changes }, { counts: { events }, seed, projectRoot }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
    return missesIn('webhooks', figuresOf(await simulate({ shipped, stage, events, seed })));
  },
};

function detailsOf(report: Report): readonly string[] {
  const { events, requests, acknowledged, copies, byStatus, injected, canaries } = report;
  return [
    `${events} events in ${requests} requests, ${acknowledged} acknowledged, ${copies} copies`,
    `answers: ${formatCounts(byStatus)}`,
    `injected: ${formatCounts(injected)}`,
    ...canaries,
  ];
}
