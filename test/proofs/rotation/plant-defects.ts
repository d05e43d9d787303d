import { missesIn } from '../harness/figures.ts';
import type { PlantedReport } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../sends/stage.ts';
import { type Defect, defects } from './defects.ts';
import { runScene } from './scenes.ts';

/** Built in the same way and without a defect, each scene that has to notice one must reach every figure. */
export const controls: readonly Defect[] = Array.from(
  new Set(defects.map(({ scene }) => scene)),
  (scene) => ({
    name: 'nothing',
    scene,
    changes: [],
  }),
);

export interface Planting {
  readonly rotations: number;
  readonly seed: number;
  /** A path. */
  readonly projectRoot: string;
}

/** Runs the functions with one defect; or, for a control, as they are. */
export async function plant(
  defect: Defect,
  { rotations, seed, projectRoot }: Planting,
): Promise<PlantedReport> {
  const { name, scene, changes } = defect;
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
  const { figures } = await runScene(scene, { shipped, stage, rotations, seed });
  const misses = missesIn(scene, figures);
  return { defect: name, where: scene, misses, isAsExpected: misses.length > 0 === changes.length > 0 };
}
