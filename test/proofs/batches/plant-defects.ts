import type { PlantedReport } from '../harness/planted.ts';
import { buildShipped, type Shipped } from '../harness/shipped.ts';
import type { Defect, Part } from './defects.ts';
import { runHandlers } from './handler-batches.ts';
import { runRunner } from './runner-batches.ts';
import { runTimes } from './time-left.ts';
import { type BatchReport, missesOf } from './verdict.ts';

export interface Planting {
  readonly batches: number;
  readonly invocations: number;
  readonly seed: number;
  readonly projectRoot: string;
}

/** Runs the part that must notice a defect with it; or, for a control, without any. */
export async function plant({ name, part, changes }: Defect, planting: Planting): Promise<PlantedReport> {
  const shipped = await buildShipped(planting.projectRoot, changes);
  const misses = missesOf(part, await runPart(part, shipped, planting));
  return {
    defect: name,
    where: part,
    misses: misses.slice(0, 2),
    isAsExpected: (misses.length === 0) === (changes.length === 0),
  };
}

async function runPart(
  part: Part,
  shipped: Shipped,
  { batches, invocations, seed }: Planting,
): Promise<BatchReport> {
  switch (part) {
    case 'runner':
      return { runner: await runRunner(shipped.runBatch, batches, seed) };
    case 'handlers':
      return { handlers: await runHandlers(shipped, batches, seed) };
    case 'times':
      return { times: await runTimes(shipped, invocations, seed) };
  }
}
