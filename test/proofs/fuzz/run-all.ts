import { createFindings, type FindingName, type Findings, findingNames } from './findings.ts';
import { fuzzBrokenReceivers } from './fuzz-broken-receivers.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import { fuzzStack, type StackReport, type StackUnderTest } from './fuzz-stack.ts';
import type { Options } from './options.ts';
import { createProgress } from './progress.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { type Outcome, sumPairs, sumRequests, type Timed } from './report.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

/** Enough for each broken receiver: the rarest defect shows after some hundred requests. */
const requestsForBroken = 5_000;

/** Everything that `npm run fuzz` does, one part after the other. `startStack` is called only when it is needed. */
export async function runAll(
  options: Pick<Options, 'seeds' | 'counts'>,
  startStack: () => Promise<StackUnderTest>,
  stderr: NodeJS.WriteStream,
): Promise<Outcome> {
  const { seeds, counts } = options;
  const createReceiver = receiveUseCase;
  const findings = createFindings();
  const progress = createProgress(stderr);

  const requests = await timed(() =>
    forEachSeed(seeds, counts.requests, ({ seed, share, before }) =>
      fuzzRequests({
        createReceiver,
        findings,
        seed,
        requests: share,
        onProgress: (done) => progress.say('requests', before + done, counts.requests),
      }),
    ),
  );
  const pairs = await timed(() =>
    forEachSeed(seeds, counts.pairs, ({ seed, share, before }) =>
      fuzzPairs({
        createReceiver,
        findings,
        seed,
        pairs: share,
        onProgress: (done) => progress.say('pairs', before + done, counts.pairs),
      }),
    ),
  );
  const codePoints = await timed(() =>
    sweepCodePoints({
      createReceiver,
      findings,
      first: 0,
      last: counts['code-points'] - 1,
      onProgress: (done) => progress.say('code points', done, counts['code-points']),
    }),
  );
  const broken = await fuzzBrokenReceivers({ seed: seeds[0] ?? 0, requests: requestsForBroken });
  const stack = counts['stack-requests'] === 0 ? undefined : await throughStack();
  progress.clear();

  return {
    seeds,
    requests: { ...requests, report: sumRequests(requests.report) },
    pairs: { ...pairs, report: sumPairs(pairs.report) },
    codePoints,
    broken,
    stack,
    counts: countsOf(findings),
    examples: findings.examples(),
  };

  async function throughStack(): Promise<Timed<StackReport>> {
    const started = await startStack();
    try {
      return await timed(() =>
        fuzzStack({
          stack: started,
          findings,
          seed: seeds.at(-1) ?? 0,
          requests: counts['stack-requests'],
          onProgress: (done) => progress.say('requests through the stack', done, counts['stack-requests']),
        }),
      );
    } finally {
      await started.close();
    }
  }
}

interface Share {
  readonly seed: number;
  readonly share: number;
  /** What the seeds before this one have taken. */
  readonly before: number;
}

async function forEachSeed<Report>(
  seeds: readonly number[],
  total: number,
  run: (share: Share) => Promise<Report>,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  let before = 0;
  for (const [index, seed] of seeds.entries()) {
    const share = Math.ceil((total - before) / (seeds.length - index));
    reports.push(await run({ seed, share, before }));
    before += share;
  }
  return reports;
}

async function timed<Report>(run: () => Promise<Report>): Promise<Timed<Report>> {
  const startedAt = performance.now();
  const report = await run();
  return { report, seconds: (performance.now() - startedAt) / 1000 };
}

function countsOf(findings: Findings): ReadonlyMap<FindingName, number> {
  return new Map(findingNames.map((name) => [name, findings.count(name)]));
}
