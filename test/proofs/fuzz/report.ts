import type { Finding, FindingName } from './findings.ts';
import type { BrokenReport } from './fuzz-broken-receivers.ts';
import type { PairsReport } from './fuzz-pairs.ts';
import type { RequestsReport } from './fuzz-requests.ts';
import type { StackReport } from './fuzz-stack.ts';
import { mutationNames } from './requests.ts';

export interface Timed<Report> {
  readonly report: Report;
  readonly seconds: number;
}

export interface Outcome {
  readonly seeds: readonly number[];
  readonly requests: Timed<RequestsReport>;
  readonly pairs: Timed<PairsReport>;
  readonly codePoints: Timed<{ readonly codePoints: number }>;
  readonly broken: readonly BrokenReport[];
  /** Undefined when no requests through the stack were asked for. */
  readonly stack: Timed<StackReport> | undefined;
  readonly counts: ReadonlyMap<FindingName, number>;
  readonly examples: readonly Finding[];
}

/** From this many requests on, each mutation is certain to come up: one that does not was lost. */
const enoughForEveryMutation = 20_000;

/** One report of several seeds. */
export function sumRequests(reports: readonly RequestsReport[]): RequestsReport {
  const mutations = new Map<string, number>();
  const verdicts: Record<string, number> = {};
  for (const report of reports) {
    for (const [name, seen] of report.mutations) mutations.set(name, (mutations.get(name) ?? 0) + seen);
    for (const [kind, seen] of Object.entries(report.verdicts)) verdicts[kind] = (verdicts[kind] ?? 0) + seen;
  }
  return { requests: reports.reduce((sum, { requests }) => sum + requests, 0), verdicts, mutations };
}

export function sumPairs(reports: readonly PairsReport[]): PairsReport {
  const sum = (read: (report: PairsReport) => number) =>
    reports.reduce((all, report) => all + read(report), 0);
  return {
    pairs: sum(({ pairs }) => pairs),
    bodyBits: sum(({ bodyBits }) => bodyBits),
    headerBits: sum(({ headerBits }) => headerBits),
    headerCharacters: sum(({ headerCharacters }) => headerCharacters),
  };
}

/** What is not as it must be, one line each; empty after a good run. */
export function problemsOf(outcome: Outcome): readonly string[] {
  const problems = [...outcome.counts]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} ${name}, must be 0`);
  for (const { name, caughtBy } of outcome.broken) {
    if (caughtBy === undefined) problems.push(`a receiver that ${name} was not caught`);
  }
  const { requests, mutations, verdicts } = outcome.requests.report;
  if (requests >= enoughForEveryMutation) {
    for (const name of mutationNames) if (!mutations.has(name)) problems.push(`no request had "${name}"`);
    for (const [name, seen] of Object.entries(verdicts))
      if (seen === 0) problems.push(`no request was: ${name}`);
  }
  return problems;
}

/** The figures as a person reads them. */
export function formatOutcome(outcome: Outcome): string {
  const { requests, pairs, codePoints, broken, stack, counts } = outcome;
  const { verdicts, mutations } = requests.report;
  const rarest = Math.min(...mutations.values(), requests.report.requests);
  const lines = [
    `seeds: ${outcome.seeds.join(', ')}`,
    '',
    `${number(requests.report.requests)} fuzzed requests through the use case, ${rate(requests, requests.report.requests)}`,
    `  ${verdictsLine(verdicts)}`,
    `  ${mutations.size} kinds of change, the rarest ${number(rarest)} times`,
    `${number(pairs.report.pairs)} valid pairs changed in one place, in ${pairs.seconds.toFixed(1)} s`,
    `  ${number(pairs.report.bodyBits)} bits of bodies, ${number(pairs.report.headerBits)} bits and ${number(pairs.report.headerCharacters)} characters of signatures`,
    `${number(codePoints.report.codePoints)} code points through the queue, in ${codePoints.seconds.toFixed(1)} s`,
    ...(stack === undefined
      ? ['no requests through the running stack']
      : [
          `${number(stack.report.requests)} fuzzed requests through the running stack, ${rate(stack, stack.report.requests)}`,
          `  ${verdictsLine(stack.report.verdicts)}`,
          `  ${number(stack.report.events)} events on the queue`,
        ]),
    '',
    ...[...counts].map(([name, count]) => `${number(count).padStart(9)}  ${name}`),
    '',
    `${broken.filter(({ caughtBy }) => caughtBy !== undefined).length} of ${broken.length} broken receivers caught`,
    ...broken.map(({ name, caughtBy, requests: after }) =>
      caughtBy === undefined ? `  NOT CAUGHT  ${name}` : `  ${name}: ${caughtBy}, request ${number(after)}`,
    ),
    '',
  ];
  const problems = problemsOf(outcome);
  return [
    ...lines,
    ...outcome.examples.map(({ name, detail }) => `${name}: ${detail}`),
    ...problems.map((problem) => `FAILED: ${problem}`),
    problems.length === 0 ? 'All figures are as they must be.' : '',
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** The same figures for a program. */
export function outcomeAsJson(outcome: Outcome): string {
  const { requests, counts, ...others } = outcome;
  const mutations = Object.fromEntries(requests.report.mutations);
  const problems = problemsOf(outcome);
  return `${JSON.stringify(
    {
      ok: problems.length === 0,
      problems,
      counts: Object.fromEntries(counts),
      ...others,
      requests: { ...requests, report: { ...requests.report, mutations } },
    },
    null,
    2,
  )}\n`;
}

function verdictsLine(verdicts: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<string, string>> = {
    accept: 'signed',
    refuse: 'to be refused',
    'too-large': 'too large',
    unspecified: 'such as API Gateway never makes',
    'not-found': 'to another route',
  };
  return Object.entries(verdicts)
    .map(([kind, seen]) => `${number(seen)} ${words[kind] ?? kind}`)
    .join(', ');
}

function rate({ seconds }: Timed<unknown>, requests: number): string {
  return `in ${seconds.toFixed(1)} s, ${number(Math.round(requests / Math.max(seconds, 0.001)))} a second`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
