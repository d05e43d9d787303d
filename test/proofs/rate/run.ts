import { missesIn, rounded } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { defects } from './defects.ts';
import { type Done, runJobs } from './run-scenes.ts';
import { rateOf, requestsPerMessage, sceneNamed, scenes } from './scenes.ts';
import { simulate } from './simulate.ts';
import { figuresOf } from './verdict.ts';

type Counted = 'steady' | 'troubled' | 'crowd';

export const rate: Proof<Counted> = {
  parts: { option: 'scene', values: scenes.map(({ name }) => name) },
  async *runs({ counts, seeds, parts, projectRoot }) {
    const stage = await readStage(projectRoot);
    const jobs = seeds.flatMap((seed) =>
      parts.map((scene) => ({ scene, seed, messages: messagesIn(scene, counts) })),
    );
    for await (const done of runJobs(jobs, projectRoot)) {
      const { scene, seed, report } = done;
      const figures = figuresOf(sceneNamed(scene), report, stage);
      yield { where: `${scene}, seed ${seed}`, figures, details: detailsOf(done), report };
    }
  },
  defects,
  async plant({ where = 'healthy-160', changes }, { counts, seed, projectRoot }) {
    const scene = sceneNamed(where);
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
    const report = await simulate({ shipped, stage, messages: messagesIn(where, counts), seed, scene });
    return missesIn(where, figuresOf(scene, report, stage));
  },
};

function messagesIn(scene: string, { steady, troubled, crowd }: Readonly<Record<Counted, number>>): number {
  const { messages, isSteady = false, isCrowd = false } = sceneNamed(scene);
  if (isCrowd) return crowd;
  return messages ?? (isSteady ? steady : troubled);
}

function detailsOf({ report, cpuSeconds }: Done): readonly string[] {
  return [
    `${report.messages} messages in ${Math.round(report.seconds)} s, ${rounded(rateOf(report))} a second`,
    `${report.requests} requests, ${report.reads} probes, ${rounded(requestsPerMessage(report))} per message; ${report.answered429} x 429; ${report.unclear} unclear`,
    `${report.invocations} invocations; ${report.receives} receives, at most ${report.mostReceives} of a message; at most ${report.mostInFlight} in flight; simulated in ${rounded(cpuSeconds)} s of a processor`,
  ];
}
