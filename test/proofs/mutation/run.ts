import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { none } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { type FileScore, reportSchema, type Summary, scorePercent, summarize } from './summary.ts';
import { explainedSurvivors } from './survivors.ts';

/** In percent, of each folder. */
const lowestScore = 95;

const config = 'test/proofs/mutation/stryker.config.mjs';
const reportFile = 'reports/mutation/mutation.json';

/** Changes the sources in every small way that Stryker knows, and counts the changes that no unit test notices. */
export const mutation: Proof = {
  others: { mutate: { value: { form: '<files>', pattern: /./ }, meaning: 'only these files, by commas' } },
  async *runs({ others, projectRoot }) {
    const mutate = others.get('mutate');
    await runStryker(projectRoot, mutate === undefined ? [] : ['--mutate', mutate]);
    const text = await readFile(join(projectRoot, reportFile), 'utf8');
    const summary = summarize(reportSchema.parse(JSON.parse(text)), explainedSurvivors);
    const { files, survivors } = summary;
    yield {
      where: 'mutation',
      figures: [
        ...[...byFolder(files)].map(([folder, own]) => {
          return { name: `noticed in ${folder}, in percent`, value: scorePercent(own), atLeast: lowestScore };
        }),
        none('survivors without a reason', survivors.filter(({ reason }) => reason === undefined).length),
        // Of files that were left out, nothing can be said.
        ...(mutate === undefined ? [none('stale reasons', summary.stale.length)] : []),
      ],
      details: detailsOf(summary),
      report: summary,
    };
  },
  defects: [],
};

/** Rejects unless it runs to its end. */
async function runStryker(projectRoot: string, programArguments: readonly string[]): Promise<void> {
  const stryker = spawn('npx', ['stryker', 'run', config, ...programArguments], {
    cwd: projectRoot,
    // Its progress is none of the figures.
    stdio: ['ignore', 2, 2],
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    stryker.on('error', reject).on('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`Stryker ended with ${exitCode}.`);
}

/** By `lib/x`. */
function byFolder(files: readonly FileScore[]): ReadonlyMap<string, readonly FileScore[]> {
  const folders = new Map<string, FileScore[]>();
  for (const score of files) {
    const folder = score.file.split('/').slice(0, 2).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), score]);
  }
  return folders;
}

function sum(files: readonly FileScore[], of: 'killed' | 'survived' | 'ignored'): number {
  return files.reduce((total, score) => total + score[of], 0);
}

function detailsOf({ files, survivors, stale }: Summary): readonly string[] {
  return [
    ...[...byFolder(files)].map(
      ([folder, own]) =>
        `${folder}: ${sum(own, 'killed')} noticed, ${sum(own, 'survived')} not, ${sum(own, 'ignored')} static`,
    ),
    ...survivors.map(
      ({ file, line, original, replacement, reason }) =>
        `${file}: ${line}\n    ${original} -> ${replacement}\n    ${reason ?? 'NOT EXPLAINED'}`,
    ),
    ...stale.map(({ file, line }) => `STALE: ${file}: ${line}\n    no mutant like this survives any more`),
  ];
}
