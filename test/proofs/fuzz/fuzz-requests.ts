import { type Figure, none } from '../harness/figures.ts';
import { changedBuiltIns, snapshotBuiltIns } from './built-ins.ts';
import { checkPassage } from './check.ts';
import type { Findings } from './findings.ts';
import { judge } from './oracle.ts';
import { type CreateReceiver, createRig } from './receiver.ts';
import { makeRequest, mutationNames } from './requests.ts';

export interface RequestsReport {
  readonly requests: number;
  /** By the oracle's verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** How often each mutation was made. */
  readonly mutations: ReadonlyMap<string, number>;
}

/** Sends fuzzed requests through a receiver and holds every answer and every queued event against the oracle. */
export async function fuzzRequests(options: {
  readonly createReceiver: CreateReceiver;
  readonly findings: Findings;
  readonly seed: number;
  readonly requests: number;
  readonly onProgress?: (done: number) => void;
  /** For a receiver that is expected to fail: its first finding is enough. */
  readonly stopAtFirst?: boolean;
}): Promise<RequestsReport> {
  const { findings, seed } = options;
  const before = snapshotBuiltIns();
  const rig = createRig(options.createReceiver);
  const verdicts: Record<string, number> = { accept: 0, refuse: 0, 'too-large': 0, unspecified: 0 };
  const mutations = new Map<string, number>();

  let index = 0;
  for (; index < options.requests; index++) {
    if (options.stopAtFirst && findings.total() > 0) break;
    const where = `--case ${seed}:${index}`;
    const fuzzed = makeRequest(seed, index);
    const verdict = judge(fuzzed.request, fuzzed.secrets);
    const passage = await rig.pass(fuzzed.request, fuzzed.secrets);
    checkPassage({ fuzzed, verdict, passage, findings, where });
    verdicts[verdict.kind] = (verdicts[verdict.kind] ?? 0) + 1;
    mutations.set(fuzzed.mutation, (mutations.get(fuzzed.mutation) ?? 0) + 1);

    // Connectly delivers some events more than once; consumers recognise them by the id.
    const [first] = passage.published;
    if (first !== undefined && index % 4 === 0) {
      const again = await rig.pass(fuzzed.request, fuzzed.secrets);
      if (again.published[0]?.id !== first.id) findings.add('ids that differ for the same bytes', where);
    }
    if (index % 1000 === 999) options.onProgress?.(index + 1);
  }

  for (const change of changedBuiltIns(before)) findings.add('changed built-in objects', change);
  return { requests: index, verdicts, mutations };
}

/** From this many requests on, each mutation is certain to come up: one that does not was lost. */
const enoughForEveryMutation = 20_000;

export function coverageOf({ requests, mutations, verdicts }: RequestsReport): readonly Figure[] {
  if (requests < enoughForEveryMutation) return [];
  return [
    none('kinds of change that never came up', mutationNames.filter((name) => !mutations.has(name)).length),
    none('verdicts that never came up', Object.values(verdicts).filter((seen) => seen === 0).length),
  ];
}
