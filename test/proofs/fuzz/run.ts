import { dirname, join } from 'node:path';
import { runPlanted } from '../harness/planted.ts';
import { runSuite } from '../harness/suite.ts';
import { brokenReceivers } from './broken-receivers.ts';
import { fuzzUntilFinding } from './fuzz-broken-receivers.ts';
import { startLocalStack } from './local-stack.ts';
import { caseOf, type Options, suite } from './options.ts';
import { formatOutcome, outcomeAsJson, problemsOf } from './report.ts';
import { runAll } from './run-all.ts';
import { showCase } from './show-case.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

await runSuite(suite, async (options) => {
  const wanted = caseOf(options);
  if (wanted !== undefined) {
    process.stdout.write(await showCase(wanted));
    return true;
  }
  if (options.planted) return plantAll(options);
  const outcome = await runAll(options, () => startLocalStack(projectRoot), process.stderr);
  process.stdout.write(options.json ? outcomeAsJson(outcome) : formatOutcome(outcome));
  return problemsOf(outcome).length === 0;
});

/** The broken receivers, which a run meets at its end, and nothing else. */
function plantAll(options: Options): Promise<boolean> {
  const { requests } = options.counts;
  return runPlanted(options, Object.entries(brokenReceivers), async ([name, createReceiver], seed) => {
    const { caughtBy, requests: after } = await fuzzUntilFinding({ name, createReceiver, seed, requests });
    const misses = caughtBy === undefined ? [] : [caughtBy];
    return { defect: name, where: `${after} requests`, misses, isAsExpected: misses.length > 0 };
  });
}
