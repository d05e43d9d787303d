import type { PlantedReport } from '../harness/planted.ts';
import type { Defect } from './defects.ts';
import { missesOf, runHostile } from './hostile-run.ts';
import { buildSender } from './sender.ts';

export interface Planting {
  readonly answers: number;
  readonly seed: number;
  readonly projectRoot: string;
}

/** Runs the sender with one defect until it is noticed; or, for the control, as it is. */
export async function plant(
  { name, changes }: Defect,
  { answers, seed, projectRoot }: Planting,
): Promise<PlantedReport> {
  const built = await buildSender(projectRoot, changes);
  const isControl = changes.length === 0;
  const report = await runHostile(built, {
    answers,
    cutEveryBytes: 5,
    seeds: [seed],
    endsAtFirstMiss: !isControl,
  });
  await built.remove();
  const misses = missesOf(report);
  return {
    defect: name,
    where: 'lib/connectly',
    misses: misses.slice(0, 2),
    isAsExpected: (misses.length === 0) === isControl,
  };
}
