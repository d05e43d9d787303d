import type { PlantedReport } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import type { Defect } from './defects.ts';
import { simulate } from './simulate.ts';
import { readStage } from './stage.ts';
import { missesOf } from './verdict.ts';

export interface Planting {
  readonly messages: number;
  readonly seed: number;
  /** A path. */
  readonly projectRoot: string;
}

/** Things fail often enough for every defect to show in a small run. */
const usualHarshness = 6;

/** Runs the modules with one defect; or, for the control, as they are. */
export async function plant(
  defect: Defect,
  { messages, seed, projectRoot }: Planting,
): Promise<PlantedReport> {
  const { name, policy, changes, harshness = usualHarshness } = defect;
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
  const misses = missesOf(await simulate({ shipped, stage, messages, policy, seed, harshness }));
  return { defect: name, where: policy, misses, isAsExpected: misses.length > 0 === changes.length > 0 };
}
