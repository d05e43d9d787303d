import { buildFunctionCode } from '../harness/deployed/function-code.ts';
import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { readStage } from '../sends/stage.ts';
import { defects } from './defects.ts';
import { runScene, type SceneName, sceneNames } from './scenes.ts';

const rotated = ['receive-webhook', 'send-message'] as const;

export const rotation: Proof<'rotations', SceneName> = {
  parts: { option: 'scene', values: sceneNames },
  async *runs({ counts: { rotations }, projectRoot, ...options }) {
    const [stage, functions] = await Promise.all([
      readStage(projectRoot),
      buildFunctionCode(rotated, projectRoot),
    ]);
    for (const { seed, part: scene, where } of seedsAndParts(options)) {
      const { counts, figures } = await runScene(scene, { functions, stage, rotations, seed });
      const counted = Object.entries(counts).map(([name, count]) => `${name} ${JSON.stringify(count)}`);
      yield { where, figures, details: [counted.join(', ')], report: counts };
    }
  },
  defects,
  async plant({ where: scene = 'webhook-documented', changes }, { counts, seed, projectRoot }) {
    const [stage, functions] = await Promise.all([
      readStage(projectRoot),
      buildFunctionCode(rotated, projectRoot, changes),
    ]);
    const { figures } = await runScene(scene, { functions, stage, rotations: counts.rotations, seed });
    return missesIn(scene, figures);
  },
};
