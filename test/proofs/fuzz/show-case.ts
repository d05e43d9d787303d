import { inspect } from 'node:util';
import { checkPassage } from './check.ts';
import { createFindings } from './findings.ts';
import { judge } from './oracle.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { createRig } from './receiver.ts';
import { makeRequest } from './requests.ts';

/** One request of a run, what it deserves and what became of it, as text. `wanted` is `<seed>:<number>`. */
export async function showCase(wanted: string): Promise<string> {
  const [seed = 0, index = 0] = wanted.split(':').map(Number);
  const fuzzed = makeRequest(seed, index);
  const verdict = judge(fuzzed.request, fuzzed.secrets);
  const passage = await createRig(receiveUseCase).pass(fuzzed.request, fuzzed.secrets);
  const findings = createFindings();
  checkPassage({ fuzzed, verdict, passage, findings, where: `${seed}:${index}` });
  return inspect(
    { ...fuzzed, verdict, passage, findings: findings.examples() },
    { depth: 8, maxStringLength: 4000 },
  );
}
