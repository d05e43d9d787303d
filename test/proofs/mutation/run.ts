// Changes lib/webhook and lib/delivery in every small way that Stryker knows, and counts the changes that the unit tests
// beside them do not notice: `npm run mutation`. Ends with 1 below the score, and for a survivor without its reason.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { reportSchema, scorePercent, summarize } from './summary.ts';
import { explainedSurvivors } from './survivors.ts';

/** In percent. */
const lowestScore = 95;

const config = 'test/proofs/mutation/stryker.config.mjs';
const reportFile = 'reports/mutation/mutation.json';

const stryker = spawn('npx', ['stryker', 'run', config, ...process.argv.slice(2)], { stdio: 'inherit' });
const exitCode = await new Promise<number | null>((resolve, reject) => {
  stryker.on('error', reject).on('close', resolve);
});
process.exitCode = exitCode === 0 ? await judge() : 1;

async function judge(): Promise<number> {
  const report = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  const { files, survivors, stale } = summarize(report, explainedSurvivors);
  const folders = new Map(files.map(({ file }) => [file.split('/').slice(0, 2).join('/'), file]));
  for (const folder of folders.keys()) {
    const own = files.filter(({ file }) => file.startsWith(`${folder}/`));
    const killed = own.reduce((sum, file) => sum + file.killed, 0);
    const survived = own.reduce((sum, file) => sum + file.survived, 0);
    const ignored = own.reduce((sum, file) => sum + file.ignored, 0);
    print(
      `${folder}: ${scorePercent(own).toFixed(2)} % (${killed} noticed, ${survived} not, ${ignored} static)`,
    );
  }
  for (const { file, line, original, replacement, reason } of survivors) {
    print(`\n${file}: ${line}\n  ${original} -> ${replacement}\n  ${reason ?? 'NOT EXPLAINED'}`);
  }
  for (const { file, line } of stale)
    print(`\nSTALE: ${file}: ${line}\n  no mutant like this survives any more`);
  const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
  const tooLow = [...folders.keys()].filter(
    (folder) => scorePercent(files.filter(({ file }) => file.startsWith(`${folder}/`))) < lowestScore,
  );
  print(`\n${survivors.length} survivors, ${unexplained} without a reason; ${stale.length} stale reasons`);
  return tooLow.length + unexplained + stale.length === 0 ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
