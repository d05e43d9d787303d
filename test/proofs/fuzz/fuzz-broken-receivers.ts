import { brokenReceivers } from './broken-receivers.ts';
import { createFindings } from './findings.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import type { CreateReceiver } from './receiver.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

export interface BrokenReport {
  readonly name: string;
  /** The first finding; undefined when the fuzz run did not notice the defect. */
  readonly caughtBy: string | undefined;
  readonly requests: number;
}

/** The same run, shorter, against one receiver: it ends at its first finding. */
export async function fuzzUntilFinding(options: {
  readonly name: string;
  readonly createReceiver: CreateReceiver;
  readonly seed: number;
  readonly requests: number;
}): Promise<BrokenReport> {
  const { name, createReceiver, seed } = options;
  const findings = createFindings();
  const { requests } = await fuzzRequests({ ...options, findings, stopAtFirst: true });
  if (findings.total() === 0) {
    await fuzzPairs({ createReceiver, findings, seed, pairs: 3, stopAtFirst: true });
  }
  if (findings.total() === 0) {
    await sweepCodePoints({ createReceiver, findings, first: 0xff00, last: 0x10100 });
  }
  return { name, caughtBy: findings.examples()[0]?.name, requests };
}

export async function fuzzBrokenReceivers(options: {
  readonly seed: number;
  readonly requests: number;
}): Promise<readonly BrokenReport[]> {
  const reports: BrokenReport[] = [];
  for (const [name, createReceiver] of Object.entries(brokenReceivers)) {
    reports.push(await fuzzUntilFinding({ ...options, name, createReceiver }));
  }
  return reports;
}
