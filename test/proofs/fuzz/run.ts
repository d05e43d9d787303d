import { formatCounts, missesIn } from '../harness/figures.ts';
import type { Proof, Run } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { brokenJudges } from './broken-judges.ts';
import { brokenReceivers, unbrokenReceiver } from './broken-receivers.ts';
import { createFindings, type FindingName, type Findings, figuresOf } from './findings.ts';
import { fuzzMessages, verdictsOf } from './fuzz-messages.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { coverageOf, fuzzRequests } from './fuzz-requests.ts';
import { fuzzStack, type StackUnderTest } from './fuzz-stack.ts';
import { startInProcessStack } from './in-process-stack.ts';
import { startLocalStack } from './local-stack.ts';
import { type Judges, judges } from './message-judges.ts';
import { createProgress } from './progress.ts';
import { receiveUseCase } from './receive-use-case.ts';
import type { CreateReceiver } from './receiver.ts';
import { showCase } from './show-case.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

/** Each is also the name of its count. */
const parts = ['requests', 'pairs', 'code-points', 'stack-requests', 'messages'] as const;
type Part = (typeof parts)[number];

/** What must show them, where one finding could come for another reason. */
const broken: readonly (readonly [part: Part, name: string, shows: FindingName])[] = [
  ['pairs', 'compares only the beginning of a signature', 'changed pairs not refused'],
  ['code-points', 'does not escape what SQS refuses', 'code points lost'],
  ['stack-requests', 'compares only the beginning of a signature', 'forgeries accepted'],
  ['stack-requests', 'verifies with the first secret only', 'valid requests refused'],
  ['stack-requests', 'lets a request without a signature in', 'forgeries accepted'],
  ['stack-requests', 'takes the first of two signature headers', 'forgeries accepted'],
  ['stack-requests', 'ignores the base64 flag', 'valid requests refused'],
  ['stack-requests', 'decodes the body as text before it hashes', 'valid requests refused'],
  ['stack-requests', 're-serialises the vendor’s JSON', 'queued without answering 200'],
  ['stack-requests', 'does not escape what SQS refuses', 'queued bodies that SQS refuses'],
  ['stack-requests', 'drops what is not JSON', 'answered 200 without queueing once'],
  ['stack-requests', 'parses before it verifies', 'valid requests refused'],
  ['stack-requests', 'crashes whatever comes', 'answers of 5xx to bad input'],
];

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
    const startStack = () => startLocalStack(projectRoot);
    for (const { seed, part, where } of seedsAndParts(options)) {
      // There is nothing random about code points, and one stack is enough.
      const isOnce = part === 'code-points' || part === 'stack-requests';
      if (isOnce && seed !== options.seeds.at(-1)) continue;
      const count = counts[part];
      const progress = createProgress(process.stderr);
      const onProgress = (done: number) => progress.say(part, done, count);
      const run = await runPart(part, {
        createReceiver: receiveUseCase,
        startStack,
        judges,
        count,
        seed,
        onProgress,
      });
      progress.clear();
      yield { where, ...run };
    }
  },
  defects: [
    ...Object.keys(brokenReceivers).map((name) => ({ name, where: 'requests' as const })),
    ...broken.map(([where, name, shows]) => ({ name, where, shows })),
    ...Object.entries(brokenJudges).map(([name, { shows }]) => ({ name, where: 'messages' as const, shows })),
  ],
  async plant({ name, where: part = 'requests' }, { counts, seed }) {
    const createReceiver = brokenReceivers[name] ?? unbrokenReceiver;
    const startStack = () => startInProcessStack(createReceiver);
    const run = {
      createReceiver,
      startStack,
      judges: brokenJudges[name]?.judges ?? judges,
      count: counts[part],
      seed,
      stopAtFirst: true,
    };
    const { figures } = await runPart(part, run);
    return missesIn(part, figures);
  },
};

interface PartOptions {
  readonly createReceiver: CreateReceiver;
  /** Of what is behind the stack that is started. */
  readonly startStack: () => Promise<StackUnderTest>;
  readonly judges: Judges;
  readonly count: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
  /** For a receiver that is expected to fail: its first finding is enough. */
  readonly stopAtFirst?: boolean;
}

async function runPart(part: Part, options: PartOptions): Promise<Omit<Run, 'where'>> {
  const { count, startStack } = options;
  const findings = createFindings();
  const common = { ...options, findings };
  switch (part) {
    case 'requests': {
      const report = await fuzzRequests({ ...common, requests: count });
      const rarest = Math.min(...report.mutations.values());
      return {
        figures: [...figuresOf(findings), ...coverageOf(report)],
        details: [
          `requests: ${formatCounts(report.verdicts)}`,
          `${report.mutations.size} kinds of change, the rarest ${rarest} times`,
          ...examplesOf(findings),
        ],
        report: { ...report, mutations: Object.fromEntries(report.mutations) },
      };
    }
    case 'pairs': {
      const report = await fuzzPairs({ ...common, pairs: count });
      const { bodyBits, headerBits, headerCharacters } = report;
      return {
        figures: figuresOf(findings),
        details: [
          `${bodyBits} bits of bodies, ${headerBits} bits and ${headerCharacters} characters of signatures changed`,
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
    case 'messages': {
      const report = fuzzMessages({ ...common, messages: count });
      const details = [`messages: ${formatCounts({ ...report })}`, ...examplesOf(findings)];
      return { figures: [...figuresOf(findings), ...verdictsOf(report)], details, report };
    }
    case 'stack-requests': {
      const stack = await startStack();
      try {
        const report = await fuzzStack({ ...common, stack, requests: count });
        const events = { name: 'events on the queue', value: report.events, atLeast: 1 };
        const details = [`requests: ${formatCounts(report.verdicts)}`, ...examplesOf(findings)];
        return { figures: [...figuresOf(findings), events], details, report };
      } finally {
        await stack.close();
      }
    }
  }
}

function examplesOf(findings: Findings): readonly string[] {
  return findings.examples().map(({ name, detail }) => `${name}: ${detail}`);
}
