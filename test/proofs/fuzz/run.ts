import { type Figure, formatCounts, missesIn, none } from '../harness/figures.ts';
import type { Proof, Run } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { brokenReceivers, unbrokenReceiver } from './broken-receivers.ts';
import { createFindings, type Findings, findingNames } from './findings.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests, type RequestsReport } from './fuzz-requests.ts';
import { fuzzStack } from './fuzz-stack.ts';
import { fuzzUntilFinding } from './fuzz-until-finding.ts';
import { startLocalStack } from './local-stack.ts';
import { createProgress } from './progress.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { mutationNames } from './requests.ts';
import { showCase } from './show-case.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

/** Each is also the name of its count. */
const parts = ['requests', 'pairs', 'code-points', 'stack-requests'] as const;
type Part = (typeof parts)[number];

export const fuzz: Proof<Part, Part> = {
  parts: { option: 'part', values: parts },
  others: {
    case: {
      value: { form: '<seed>:<number>', pattern: /^\d+:\d+$/ },
      meaning: 'shows one request instead, what it deserves and what became of it',
    },
  },
  async *runs({ counts, others, projectRoot, ...options }) {
    const wanted = others.get('case');
    if (wanted !== undefined) {
      yield { where: `case ${wanted}`, figures: [], details: [await showCase(wanted)], report: wanted };
      return;
    }
    const [firstSeed] = options.seeds;
    for (const { seed, part, where } of seedsAndParts(options)) {
      // There is nothing random about code points, and one stack is enough.
      const isOnce = part === 'code-points' || part === 'stack-requests';
      if (isOnce && seed !== firstSeed) continue;
      yield { where, ...(await runPart(part, { count: counts[part], seed, projectRoot })) };
    }
  },
  defects: Object.keys(brokenReceivers).map((name) => ({ name })),
  async plant({ name }, { counts: { requests }, seed }) {
    const createReceiver = brokenReceivers[name] ?? unbrokenReceiver;
    const findings = await fuzzUntilFinding({ createReceiver, seed, requests });
    return missesIn(name, figuresOf(findings));
  },
};

interface PartOptions {
  readonly count: number;
  readonly seed: number;
  readonly projectRoot: string;
}

async function runPart(part: Part, { count, seed, projectRoot }: PartOptions): Promise<Omit<Run, 'where'>> {
  const findings = createFindings();
  const progress = createProgress(process.stderr);
  const common = {
    createReceiver: receiveUseCase,
    findings,
    seed,
    onProgress: (done: number) => progress.say(part, done, count),
  };
  try {
    switch (part) {
      case 'requests': {
        const report = await fuzzRequests({ ...common, requests: count });
        return {
          figures: [...figuresOf(findings), ...coverageOf(report)],
          details: [
            `requests: ${formatCounts(report.verdicts)}`,
            `${report.mutations.size} kinds of change, the rarest ${Math.min(...report.mutations.values())} times`,
            ...examplesOf(findings),
          ],
          report: { ...report, mutations: Object.fromEntries(report.mutations) },
        };
      }
      case 'pairs': {
        const report = await fuzzPairs({ ...common, pairs: count });
        return {
          figures: figuresOf(findings),
          details: [
            `${report.bodyBits} bits of bodies, ${report.headerBits} bits and ${report.headerCharacters} characters of signatures changed`,
            ...examplesOf(findings),
          ],
          report,
        };
      }
      case 'code-points': {
        const report = await sweepCodePoints({ ...common, first: 0, last: count - 1 });
        const details = [`${report.codePoints} code points through the queue`, ...examplesOf(findings)];
        return { figures: figuresOf(findings), details, report };
      }
      case 'stack-requests': {
        const stack = await startLocalStack(projectRoot);
        try {
          const report = await fuzzStack({ ...common, stack, requests: count });
          return {
            figures: [
              ...figuresOf(findings),
              { name: 'events on the queue', value: report.events, atLeast: 1 },
            ],
            details: [`requests: ${formatCounts(report.verdicts)}`, ...examplesOf(findings)],
            report,
          };
        } finally {
          await stack.close();
        }
      }
    }
  } finally {
    progress.clear();
  }
}

function figuresOf(findings: Findings): readonly Figure[] {
  return findingNames.map((name) => none(name, findings.count(name)));
}

function examplesOf(findings: Findings): readonly string[] {
  return findings.examples().map(({ name, detail }) => `${name}: ${detail}`);
}

/** From this many requests on, each mutation is certain to come up: one that does not was lost. */
const enoughForEveryMutation = 20_000;

function coverageOf({ requests, mutations, verdicts }: RequestsReport): readonly Figure[] {
  if (requests < enoughForEveryMutation) return [];
  return [
    none('kinds of change that never came up', mutationNames.filter((name) => !mutations.has(name)).length),
    none('verdicts that never came up', Object.values(verdicts).filter((seen) => seen === 0).length),
  ];
}
