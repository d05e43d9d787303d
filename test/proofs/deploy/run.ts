// The deploy test: `npm run test:deploy`. Installs moto and the AWS CLI, deploys with the serverless command to moto, runs
// what was deployed, deploys again and removes it. Exits 1 unless every claim holds.
import { dirname, join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { ToolError } from '../../support/tools.ts';
import { runDeployTest } from './deploy-test.ts';
import { createReport } from './report.ts';

const usage = `Usage: npm run test:deploy [-- --keep]

Deploys to an emulated AWS on this machine, from nothing to removed. Needs Python 3 and, the first time, the package
registries.

  --keep  leaves the stack and the emulator up until Ctrl-C, instead of removing the stack
`;

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const startedAt = performance.now();
  const report = createReport((line) => void process.stdout.write(`${line}\n`));
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  try {
    await runDeployTest({ projectRoot, report, signal: abort.signal, keep: values.keep === true });
  } catch (error) {
    if (abort.signal.aborted) {
      process.stdout.write('\nBroken off; everything that was started has been ended.\n');
      return 130;
    }
    const told = error instanceof ToolError ? error.message : inspect(error);
    process.stderr.write(`\n!!! ${told}\n`);
    return 1;
  }
  const { held, failed, substitutions } = report.counts();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `\n${held} claims hold, ${failed} do not; ${substitutions} substitutions, each told above; ${seconds} s\n`,
  );
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
