import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { controls, defects } from './defects.ts';
import { plant } from './plant-defects.ts';
import type { Report } from './report.ts';
import { simulate } from './simulate.ts';
import { readStage } from './stage.ts';
import { figuresOf, missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const policies = ['hold', 'settle', 'resend'] as const;
const suite = {
  script: 'simulate:sends',
  purpose: `
Sends messages through queues, mappings and the shipped functions to a scripted Connectly in virtual time, while
answers, queues, ledger, secrets and environments fail, and holds what came of each message against the promises. Ends
with 1 when one is broken.
`,
  counts: { messages: { meaning: 'under each policy', usual: 100_000, planted: 3_000 } },
  choice: { name: 'policy', values: policies },
};

type Options = SuiteOptions<keyof typeof suite.counts, (typeof policies)[number]>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(options, plantedUnder(options.chosen), (defect, seed) =>
        plant(defect, { messages: options.counts.messages, seed, projectRoot }),
      )
    : runPolicies(options),
);

function plantedUnder(chosen: Options['chosen']) {
  return [...controls, ...defects].filter(({ policy }) => chosen.includes(policy));
}

async function runPolicies({ counts: { messages }, chosen, seeds, json }: Options): Promise<boolean> {
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
  const runs = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    for (const policy of chosen) {
      const startedAt = performance.now();
      const report = await simulate({ shipped, stage, messages, policy, seed });
      const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
      misses.push(...missesOf(report).map((miss) => `seed ${seed}, ${miss}`));
      runs.push({ seed, tookSeconds, report, figures: figuresOf(report) });
      if (!json) process.stdout.write(formatRun(report, seed, tookSeconds));
    }
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seeds, runs, misses }, null, 2)}\n` : formatVerdict(misses),
  );
  return misses.length === 0;
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
    `  unclear answers ${report.unclearInjected}; messages held by an environment that ended ${report.killedInjected}; accepted with an id and unreported ${report.acceptedUnreported}`,
    `  accepted again ${report.duplicates} (${report.duplicatesWithoutId} without an id; ${report.duplicatesByLedger} messages for the ledger's failing); outcome-unknown ${report.outcomeUnknown} (${report.outcomeUnknownByLedger} for the ledger's failing); called refused though accepted ${report.refusedButAccepted}`,
    ...figuresOf(report).map(formatFigure),
    ...report.examples.map((example) => `  ${example}`),
    ...report.canaries.map((hit) => `  ${hit}`),
  ];
  return `${lines.join('\n')}\n`;
}
