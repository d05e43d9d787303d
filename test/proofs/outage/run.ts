import { type Figure, missesIn, none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { defects } from './defects.ts';
import { policies, type Report, simulate } from './simulate.ts';

export const outage: Proof<'sends' | 'statuses', (typeof policies)[number]> = {
  parts: { option: 'policy', values: policies },
  async *runs({ counts, projectRoot, ...options }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
    for (const { seed, part: policy, where } of seedsAndParts(options)) {
      const report = await simulate({ shipped, stage, policy, seed, ...counts });
      yield { where, figures: figuresOf(report), details: [], report };
    }
  },
  defects,
  async plant({ where: policy = 'settle', changes }, { counts, seed, projectRoot }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
    return missesIn(policy, figuresOf(await simulate({ shipped, stage, policy, seed, ...counts })));
  },
};

function figuresOf(report: Report): readonly Figure[] {
  return [
    none('sent again, though Connectly has told of it', report.sentAgain),
    none('given up, though Connectly has told of it', report.givenUp),
    {
      name: 'brought to an end of those that Connectly never had',
      value: report.ended,
      atLeast: report.unreported,
    },
    none('left on a queue', report.left),
    { name: 'minutes until the last one was', value: report.minutes, atMost: 15 },
  ];
}
