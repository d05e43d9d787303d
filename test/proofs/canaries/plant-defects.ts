import { missesIn } from '../harness/figures.ts';
import type { PlantedReport } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import type { Leak } from './defects.ts';
import { figuresOf, runPaths } from './run-paths.ts';

/** Built in the same way and without a leak, this must reach every figure. */
export const controls: readonly Leak[] = [{ name: 'nothing', changes: [] }];

export interface Planting {
  readonly runs: number;
  readonly seed: number;
  /** A path. */
  readonly projectRoot: string;
}

/** Searches what the functions write with one defect; or, for the control, as they are. */
export async function plant(defect: Leak, { runs, seed, projectRoot }: Planting): Promise<PlantedReport> {
  const shipped = await buildShipped(projectRoot, defect.changes);
  const report = await runPaths({ shipped, runs, seed });
  const isControl = defect.changes.length === 0;
  const misses = missesIn('canaries', figuresOf(report));
  // A defect must be found by what it lets out, and not because it leads a run astray.
  const isAsExpected = isControl ? misses.length === 0 : report.hits.length > 0;
  return { defect: defect.name, where: report.hits[0] ?? 'canaries', misses, isAsExpected };
}
