import { dirname, join } from 'node:path';
import { type Options, readOptions, usage } from './options.ts';
import { type PlantedReport, plantAll } from './plant-defects.ts';
import type { Report } from './report.ts';
import * as shipped from './shipped.ts';
import { simulate } from './simulate.ts';
import { readStage } from './stage.ts';
import { figuresOf, missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

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
  // Before anything can go wrong: without its seed a run cannot be repeated.
  process.stderr.write(`seeds: ${options.seeds.join(', ')}\n`);
  return options.planted ? runPlanted(options) : runPolicies(options);
}

async function runPolicies({ messages, policies, seeds, json }: Options): Promise<number> {
  const stage = await readStage(projectRoot);
  const runs = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    for (const policy of policies) {
      const startedAt = performance.now();
      const report = await simulate({ shipped, stage, messages, policy, seed });
      const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
      misses.push(...missesOf(report).map((miss) => `seed ${seed}, ${miss}`));
      runs.push({ seed, tookSeconds, report, figures: figuresOf(report) });
      if (!json) process.stdout.write(formatRun(report, seed, tookSeconds));
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ seeds, runs, misses }, null, 2)}\n`);
  else process.stdout.write(misses.length === 0 ? '\nEvery goal is met.\n' : `\n${misses.join('\n')}\n`);
  return misses.length === 0 ? 0 : 1;
}

async function runPlanted({ messages, seeds, json }: Options): Promise<number> {
  const runs: { readonly seed: number; readonly reports: readonly PlantedReport[] }[] = [];
  for (const seed of seeds) {
    const reports = await plantAll({ messages, seed, projectRoot }, (report) => {
      if (!json) process.stdout.write(formatPlanted(report, seed));
    });
    runs.push({ seed, reports });
  }
  if (json) process.stdout.write(`${JSON.stringify({ runs }, null, 2)}\n`);
  return runs.every(({ reports }) => reports.every(({ isAsExpected }) => isAsExpected)) ? 0 : 1;
}

function formatPlanted({ defect, policy, misses, isAsExpected }: PlantedReport, seed: number): string {
  const found = misses.length === 0 ? 'no figure missed' : misses.join('; ');
  return `${isAsExpected ? 'ok    ' : 'WRONG '} ${defect} (${policy}, seed ${seed}): ${found}\n`;
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} x ${name}`)
    .join('; ');
}

function formatRun(report: Report, seed: number, tookSeconds: number): string {
  const lines = [
    `\n${report.policy}, seed ${seed}: ${report.messages} messages, ${report.accepted} accepted, ${report.requests} requests, ${report.invocations} invocations, ${Math.round(report.virtualSeconds / 60)} virtual minutes in ${tookSeconds} s`,
    `  injected: ${list(report.injected)}`,
    `  in the DLQ at the end: ${list(report.deadLettersByReason)}`,
    `  unclear answers ${report.unclearInjected}; messages held by an environment that ended ${report.killedInjected}; accepted and unreported ${report.acceptedUnreported}`,
    `  accepted again ${report.duplicates} (${report.duplicatesByLedger} messages for the ledger's failing); outcome-unknown ${report.outcomeUnknown} (${report.outcomeUnknownByLedger} for the ledger's failing); called refused though accepted ${report.refusedButAccepted}`,
    ...figuresOf(report).map(
      ({ name, value, atMost }) =>
        `  ${value <= atMost ? 'ok    ' : 'MISSED'} ${name}: ${value} (at most ${atMost})`,
    ),
    ...report.examples.map((example) => `  ${example}`),
    ...report.canaries.map((hit) => `  ${hit}`),
  ];
  return `${lines.join('\n')}\n`;
}

function optionsOrProblem(): Options | string | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
