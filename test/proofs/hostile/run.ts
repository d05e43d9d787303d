import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { bundleProcess } from './bundle.ts';
import { defects } from './defects.ts';
import { type FreezeReport, freezeFigures, runFreezes } from './freezes.ts';
import { figuresOf, type HostileReport, runHostile } from './hostile-run.ts';
import { scaledDeadlineMs } from './run-cases.ts';
import { buildSender } from './sender.ts';

export const hostile: Proof<'answers' | 'reuses'> = {
  async *runs({ counts: { answers, reuses }, seeds, projectRoot }) {
    const built = await buildSender(projectRoot);
    const report = await runHostile(built, { answers, cutEveryBytes: 1, seeds });
    await built.remove();
    yield { where: 'hostile', figures: figuresOf(report), details: detailsOf(report), report };
    const frozen = await bundleProcess('frozen-process.ts', projectRoot, []);
    for (const seed of seeds) {
      const freezes = await runFreezes(frozen, { reuses, seed });
      yield {
        where: `freezes, seed ${seed}`,
        figures: freezeFigures(freezes),
        details: freezeDetails(freezes),
        report: freezes,
      };
    }
    await frozen.remove();
  },
  defects,
  async plant({ changes = [] }, { counts: { answers, reuses }, seed, projectRoot }) {
    const built = await buildSender(projectRoot, changes);
    const endsAtFirstMiss = changes.length > 0;
    const report = await runHostile(built, { answers, cutEveryBytes: 5, seeds: [seed], endsAtFirstMiss });
    await built.remove();
    const misses = missesIn('hostile', figuresOf(report));
    if (endsAtFirstMiss && misses.length > 0) return misses;
    const frozen = await bundleProcess('frozen-process.ts', projectRoot, changes);
    const freezes = await runFreezes(frozen, { reuses, seed });
    await frozen.remove();
    return [...misses, ...missesIn('freezes', freezeFigures(freezes))];
  },
};

function freezeDetails({ reuses, kept, races, misses }: FreezeReport): readonly string[] {
  return [
    `${reuses} sends over what connections were left, ${kept} of them over one that was kept`,
    `${races} unclear because the server hung up while the request was under way`,
    ...misses,
  ];
}

function detailsOf({ groups, endlessBytes }: HostileReport): readonly string[] {
  return [
    `${groups.reduce((sum, { cases }) => sum + cases, 0)} cases; what only the deadline ends is given ${scaledDeadlineMs} ms, all else the deployed deadline`,
    ...groups.map(({ name, cases, lookedAtAgain }) => {
      const again = lookedAtAgain === 0 ? '' : `, ${lookedAtAgain} looked at again`;
      return `${name}: ${cases}${again}`;
    }),
    `of the answers without an end, their servers were rid of ${Math.round(endlessBytes / 2 ** 20)} MiB`,
    ...groups.flatMap(({ misses }) => misses),
  ];
}
