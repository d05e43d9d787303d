import { createFindings, type Findings } from './findings.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import type { CreateReceiver } from './receiver.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

/** The same run, shorter, against one receiver: it ends at its first finding. */
export async function fuzzUntilFinding(options: {
  readonly createReceiver: CreateReceiver;
  readonly seed: number;
  readonly requests: number;
}): Promise<Findings> {
  const { createReceiver, seed } = options;
  const findings = createFindings();
  await fuzzRequests({ ...options, findings, stopAtFirst: true });
  if (findings.total() === 0) {
    await fuzzPairs({ createReceiver, findings, seed, pairs: 3, stopAtFirst: true });
  }
  if (findings.total() === 0) {
    await sweepCodePoints({ createReceiver, findings, first: 0xff00, last: 0x10100 });
  }
  return findings;
}
