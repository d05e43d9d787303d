import { buildFunctionCode, type Planted } from '../harness/deployed/function-code.ts';
import { missesIn } from '../harness/figures.ts';
import type { PlantedReport } from '../harness/planted.ts';

import { figuresOf, runPaths } from './run-paths.ts';

/** Built in the same way and without a leak, this must reach every figure. */
export const controls: readonly Planted[] = [{ name: 'nothing', changes: [] }];

export interface Planting {
  readonly runs: number;
  readonly seed: number;
  /** A path. */
  readonly projectRoot: string;
}

/** Searches what the functions write with one defect; or, for the control, as they are. */
export async function plant(defect: Planted, { runs, seed, projectRoot }: Planting): Promise<PlantedReport> {
  const functions = await buildFunctionCode(
    ['receive-webhook', 'send-message', 'settle-send'],
    projectRoot,
    defect,
  );
  const report = await runPaths({ functions, runs, seed });
  const isControl = defect.changes.length === 0;
  const misses = missesIn('canaries', figuresOf(report));
  // A defect must be found by what it lets out, and not because it leads a run astray.
  const isAsExpected = isControl ? misses.length === 0 : report.hits.length > 0;
  return { defect: defect.name, where: report.hits[0] ?? 'canaries', misses, isAsExpected };
}
