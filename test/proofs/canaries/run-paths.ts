import { createVirtualClock } from '../../support/virtual-clock.ts';
import type { Figure } from '../harness/figures.ts';
import { createRandom } from '../harness/random.ts';
import type { Shipped } from '../harness/shipped.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { answerPaths } from './answer-paths.ts';
import type { Path } from './path.ts';
import { sendPaths } from './send-paths.ts';
import { settlePaths } from './settle-paths.ts';
import { webhookPaths } from './webhook-paths.ts';
import { World } from './world.ts';

export const paths: readonly Path[] = [...webhookPaths, ...sendPaths, ...answerPaths, ...settlePaths];

export interface CanaryReport {
  readonly runs: number;
  /** How often each path was taken to its end. */
  readonly taken: Readonly<Record<string, number>>;
  /** Runs that ended elsewhere than their path says, with an example of where. */
  readonly astray: readonly string[];
  readonly hits: readonly string[];
  /** How many pieces of what was written have been searched. */
  readonly searched: number;
}

export interface CanaryRuns {
  readonly shipped: Shipped;
  readonly runs: number;
  readonly seed: number;
}

/** Takes every path in turn, each time with canaries of its own, and searches all that was written on the way. */
export async function runPaths({ shipped, runs, seed }: CanaryRuns): Promise<CanaryReport> {
  const clock = createVirtualClock();
  const taken: Record<string, number> = Object.fromEntries(paths.map(({ name }) => [name, 0]));
  const astray: string[] = [];
  const hits: string[] = [];
  let searched = 0;
  await withVirtualDeadlines(clock, async (deadlines) => {
    for (let run = 0; run < runs; run += 1) {
      const path = paths[run % paths.length];
      if (path === undefined) throw new Error('there are no paths');
      const world = new World({ shipped, clock, deadlines, random: createRandom(seed, run) });
      const problem = await path.run(world).catch((error: unknown) => String(error));
      for (const { canary, form, where } of world.hits())
        hits.push(`run ${run}, ${path.name}: the ${canary} (${form}) in ${where}`);
      searched += world.writtenCount;
      const ends = [...world.taken];
      const missing = path.takes.find((end) => !ends.some((found) => found.startsWith(end)));
      if (problem === undefined && missing === undefined) taken[path.name] = (taken[path.name] ?? 0) + 1;
      else astray.push(`run ${run}, ${path.name}: ${problem ?? `no "${missing}" among ${ends.join(', ')}`}`);
    }
  });
  return { runs, taken, astray, hits, searched };
}

export function figuresOf({ taken, astray, hits }: CanaryReport): readonly Figure[] {
  return [
    { name: 'canaries found', value: hits.length, atMost: 0 },
    { name: 'runs that left their path', value: astray.length, atMost: 0 },
    {
      name: 'paths never taken',
      value: Object.values(taken).filter((times) => times === 0).length,
      atMost: 0,
    },
  ];
}
