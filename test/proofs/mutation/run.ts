import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { reportSchema, type Summary, scorePercent, summarize } from './summary.ts';
import { explainedSurvivors } from './survivors.ts';
import { isOf, type Target, targets } from './targets.ts';

/** In percent, of each target. */
const lowestScore = 95;

const config = 'test/proofs/mutation/stryker.config.mjs';

/** Changes the sources in every small way that Stryker knows, and counts the changes that no unit test notices. */
export const mutation: Proof = {
  parts: { option: 'folder', values: targets.map(({ name }) => name) },
  async *runs({ parts, projectRoot }) {
    for (const target of targets.filter(({ name }) => parts.includes(name))) {
      const reportFile = `build/mutation/${target.name.replaceAll('/', '-')}.json`;
      await runStryker(projectRoot, target, reportFile);
      const text = await readFile(join(projectRoot, reportFile), 'utf8');
      const explained = explainedSurvivors.filter(({ file }) => isOf(target, file));
      const summary = summarize(reportSchema.parse(JSON.parse(text)), explained);
      const { files, survivors, stale } = summary;
      yield {
        where: target.name,
        figures: [
          { name: 'noticed, in percent', value: scorePercent(files), atLeast: lowestScore },
          none('survivors without a reason', survivors.filter(({ reason }) => reason === undefined).length),
          none('stale reasons', stale.length),
        ],
        details: detailsOf(summary),
        report: summary,
      };
    }
  },
  defects: [],
};

/** Rejects unless it runs to its end. */
async function runStryker(projectRoot: string, { files, tests }: Target, reportFile: string): Promise<void> {
  const stryker = spawn('npx', ['stryker', 'run', config], {
    cwd: projectRoot,
    env: { ...process.env, MUTATED_FILES: files, MUTATED_TESTS: tests, MUTATION_REPORT: reportFile },
    // Its progress is none of the figures.
    stdio: ['ignore', 2, 2],
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    stryker.on('error', reject).on('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`Stryker ended with ${exitCode}.`);
}

function detailsOf({ files, survivors, stale }: Summary): readonly string[] {
  const sum = (of: 'killed' | 'survived' | 'ignored') => files.reduce((total, score) => total + score[of], 0);
  return [
    `${sum('killed')} noticed, ${sum('survived')} not, ${sum('ignored')} static`,
    ...survivors.map(
      ({ file, line, original, replacement, reason }) =>
        `${file}: ${line}\n    ${original} -> ${replacement}\n    ${reason ?? 'NOT EXPLAINED'}`,
    ),
    ...stale.map(({ file, line }) => `STALE: ${file}: ${line}\n    no mutant like this survives any more`),
  ];
}
