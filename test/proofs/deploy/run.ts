import { setMaxListeners } from 'node:events';
import { none } from '../harness/figures.ts';
import type { Proof, Run } from '../harness/proof.ts';
import { runDeployTest } from './deploy-test.ts';
import { emulators } from './emulators.ts';
import { checkRecordedCalls } from './recorded-calls.ts';
import { type Counts, claimsByEmulator, createReport } from './report.ts';

const print = (line: string) => void process.stderr.write(`${line}\n`);

/** Deploys to an AWS that others emulate on this machine, from nothing to removed, and tells each claim as it is held. */
export const deploy: Proof<string, keyof typeof emulators> = {
  parts: { option: 'emulator', values: ['moto', 'ministack'] },
  others: {
    keep: { meaning: 'leaves the stack and the emulator up until Ctrl-C, instead of removing the stack' },
    record: { meaning: 'writes anew what serverless and relay ask AWS for, for `npm run check:permissions`' },
  },
  async *runs({ parts, others, projectRoot }) {
    const abort = new AbortController();
    const { signal } = abort;
    // Each command that runs listens to it, and there are many at once.
    setMaxListeners(100, signal);
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
    const keep = others.has('keep');
    // Side by side: much of the time both wait.
    const runs = parts.map(async (part) => {
      const startedAt = performance.now();
      const report = createReport(emulators[part].name, print);
      const calls = await runDeployTest({ emulator: emulators[part], projectRoot, report, signal, keep });
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      return { name: emulators[part].name, seconds, counts: report.counts(), calls };
    });
    try {
      const ended = await Promise.all(runs);
      for (const line of claimLines(ended)) print(line);
      yield* ended.map(runOf);
      // Each has what the other lacks: one of them tells a part of it.
      if (keep || ended.length < Object.keys(emulators).length) return;
      const startedAt = performance.now();
      const report = createReport('both', print);
      report.step('What serverless and relay asked AWS for');
      const calls = ended.flatMap((each) => each.calls);
      await checkRecordedCalls(report, { calls, projectRoot, anew: others.has('record') });
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      yield runOf({ name: 'both', seconds, counts: report.counts() });
    } catch (error) {
      const brokenOff = signal.aborted;
      abort.abort();
      await Promise.allSettled(runs);
      if (!brokenOff) throw error;
      throw new Error('Broken off; everything that was started has been ended.', { cause: error });
    }
  },
  defects: [],
};

interface Ended {
  readonly name: string;
  readonly seconds: number;
  readonly counts: Counts;
}

/** Every claim, and which emulator showed it. */
function claimLines(ended: readonly Ended[]): string[] {
  const claims = claimsByEmulator(new Map(ended.map(({ name, counts }) => [name, counts.claims])));
  return [
    '\nEach claim, and which emulator it was made of',
    ...claims.map(
      ({ claim, emulators: by }) => `  ${(by.length > 1 ? 'both' : by.join()).padEnd(9)} ${claim}`,
    ),
  ];
}

function runOf({ name, seconds, counts }: Ended): Run {
  return {
    where: `deploy to ${name}`,
    figures: [
      none('claims that do not hold', counts.failed),
      { name: 'claims that hold', value: counts.held, atLeast: 1 },
    ],
    details: [`${seconds} s beside the others`, `${counts.substitutions} substitutions, each told above`],
    report: counts,
  };
}
