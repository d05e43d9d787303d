import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { defects } from './defects.ts';
import { figuresOf, type HostileReport, runHostile } from './hostile-run.ts';
import { scaledDeadlineMs } from './run-cases.ts';
import { buildSender } from './sender.ts';

export const hostile: Proof<'answers'> = {
  async *runs({ counts: { answers }, seeds, projectRoot }) {
    const built = await buildSender(projectRoot);
    const report = await runHostile(built, { answers, cutEveryBytes: 1, seeds });
    await built.remove();
    yield { where: 'hostile', figures: figuresOf(report), details: detailsOf(report), report };
  },
  defects,
  async plant({ changes = [] }, { counts: { answers }, seed, projectRoot }) {
    const built = await buildSender(projectRoot, changes);
    const endsAtFirstMiss = changes.length > 0;
    const report = await runHostile(built, { answers, cutEveryBytes: 5, seeds: [seed], endsAtFirstMiss });
    await built.remove();
    return missesIn('hostile', figuresOf(report));
  },
};

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
