import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../harness/simulated/stage.ts';
import { defects } from './defects.ts';
import { runScene, type SceneName, sceneNames } from './scenes.ts';

export const rotation: Proof<'rotations', SceneName> = {
  parts: { option: 'scene', values: sceneNames },
  async *runs({ counts: { rotations }, projectRoot, ...options }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
    for (const { seed, part: scene, where } of seedsAndParts(options)) {
      const { counts, figures } = await runScene(scene, { shipped, stage, rotations, seed });
      const counted = Object.entries(counts).map(([name, count]) => `${name} ${JSON.stringify(count)}`);
      yield { where, figures, details: [counted.join(', ')], report: counts };
    }
  },
  defects,
  async plant({ where: scene = 'webhook-documented', changes }, { counts, seed, projectRoot }) {
    const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
    const { figures } = await runScene(scene, { shipped, stage, rotations: counts.rotations, seed });
    return missesIn(scene, figures);
  },
};
