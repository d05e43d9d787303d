import { dirname, join } from 'node:path';
import { startLocalStack } from './local-stack.ts';
import { type Options, readOptions, usage } from './options.ts';
import { formatOutcome, outcomeAsJson, problemsOf } from './report.ts';
import { runAll } from './run-all.ts';
import { showCase } from './show-case.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

async function main(): Promise<number> {
  const options = optionsOrProblem();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  if (options.case !== undefined) {
    process.stdout.write(await showCase(options.case));
    return 0;
  }
  // Before anything can go wrong: without its seed a run cannot be repeated.
  process.stderr.write(`seeds: ${options.seeds.join(', ')}\n`);
  const outcome = await runAll(options, () => startLocalStack(projectRoot), process.stderr);
  process.stdout.write(options.json ? outcomeAsJson(outcome) : formatOutcome(outcome));
  return problemsOf(outcome).length === 0 ? 0 : 1;
}

function optionsOrProblem(): Options | string | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
