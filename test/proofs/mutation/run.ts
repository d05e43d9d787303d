// Changes all that is deployed in every small way that Stryker knows, and counts the changes that the unit tests beside it
// do not notice: `npm run mutation`, or `npm run mutation -- --folder lib/aws` for one folder. Ends with 1 below the
// score, and for a survivor without its reason.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { reportSchema, scorePercent, summarize } from './summary.ts';
import { explainedSurvivors } from './survivors.ts';
import { type Target, targets } from './targets.ts';

/** In percent, for each target. */
const lowestScore = 95;

const { values, positionals } = parseArgs({
  options: { folder: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const names = targets.map(({ name }) => name);
const unknown = values.folder?.find((name) => !names.includes(name));
if (unknown === undefined) {
  let isWellTested = true;
  for (const target of targets)
    if (values.folder?.includes(target.name) ?? true) isWellTested = (await run(target)) && isWellTested;
  process.exitCode = isWellTested ? 0 : 1;
} else {
  print(`There is no folder ${unknown}, but ${names.join(', ')}.`);
  process.exitCode = 2;
}

/** Resolves to whether the tests beside a target notice enough. What stands after `--` goes to Stryker. */
async function run({ name, files, tests }: Target): Promise<boolean> {
  const env = { MUTATED_NAME: name, MUTATED_FILES: files.join(), MUTATED_TESTS: tests.join() };
  const stryker = spawn(
    'npx',
    ['stryker', 'run', 'test/proofs/mutation/stryker.config.mjs', ...positionals],
    {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    },
  );
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    stryker.on('error', reject).on('close', resolve);
  });
  return exitCode === 0 && (await judge(name));
}

async function judge(name: string): Promise<boolean> {
  const reportFile = `reports/mutation/${name.replaceAll('/', '-')}.json`;
  const report = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  const explained = explainedSurvivors.filter(({ file }) => isIn(name, file));
  const { files, survivors, stale } = summarize(report, explained);
  const sumOf = (kind: 'killed' | 'survived' | 'ignored') => files.reduce((sum, file) => sum + file[kind], 0);
  for (const { file, line, original, replacement, reason } of survivors) {
    print(`\n${file}: ${line}\n  ${original} -> ${replacement}\n  ${reason ?? 'NOT EXPLAINED'}`);
  }
  for (const { file, line } of stale)
    print(`\nSTALE: ${file}: ${line}\n  no mutant like this survives any more`);
  const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
  const score = scorePercent(files);
  print(
    `\n${name}: ${score.toFixed(2)} % (${sumOf('killed')} noticed, ${sumOf('survived')} not, ${sumOf('ignored')} static); ` +
      `${unexplained} without a reason, ${stale.length} stale reasons\n`,
  );
  return score >= lowestScore && unexplained + stale.length === 0;
}

/** Whether a file belongs to a target: to its folder, or directly to `lib`. */
function isIn(name: string, file: string): boolean {
  return name === 'lib' ? file.split('/').length === 2 : file.startsWith(`${name}/`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
