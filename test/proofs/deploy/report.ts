import { isDeepStrictEqual } from 'node:util';

/** Tells what a run does and counts what it asserts. A claim that does not hold is told and counted; the run goes on. */
export interface Report {
  readonly step: (title: string) => void;
  readonly did: (what: string) => void;
  /** Something that stands in for what AWS would do, and the check that covers the difference. */
  readonly substituted: (what: string) => void;
  readonly holds: (claim: string, holds: boolean, why?: string) => void;
  readonly equal: (claim: string, actual: unknown, expected: unknown) => void;
  readonly counts: () => Counts;
}

export interface Counts {
  /** In their order, each once. */
  readonly claims: readonly string[];
  readonly held: number;
  readonly failed: number;
  readonly substitutions: number;
}

/** `emulator`: whose word each line is. */
export function createReport(emulator: string, print: (line: string) => void): Report {
  const tell = (verdict: string, what: string) =>
    print(`  ${verdict.padEnd(7)} ${emulator.padEnd(9)} ${what}`);
  let steps = 0;
  let substitutions = 0;
  const claims: string[] = [];
  const failed: string[] = [];
  function holds(claim: string, isSo: boolean, why?: string): void {
    tell(isSo ? 'ok' : 'NOT SO', claim);
    claims.push(claim);
    if (isSo) return;
    failed.push(claim);
    if (why !== undefined) for (const line of why.split('\n')) print(`          ${line}`);
  }
  return {
    step(title) {
      steps += 1;
      print(`\n${emulator}, ${steps}. ${title}`);
    },
    did: (what) => tell('did', what),
    substituted(what) {
      substitutions += 1;
      tell('instead', what);
    },
    holds,
    equal(claim, actual, expected) {
      const why = `is       ${JSON.stringify(actual)}\nshould be ${JSON.stringify(expected)}`;
      holds(claim, isDeepStrictEqual(actual, expected), why);
    },
    counts: () => ({
      claims: [...new Set(claims)],
      held: claims.length - failed.length,
      failed: failed.length,
      substitutions,
    }),
  };
}

/** Each claim with the emulators that it was made of, in the order of the first. */
export function claimsByEmulator(
  claims: ReadonlyMap<string, readonly string[]>,
): { readonly claim: string; readonly emulators: readonly string[] }[] {
  return [...new Set([...claims.values()].flat())].map((claim) => ({
    claim,
    emulators: [...claims].filter(([, own]) => own.includes(claim)).map(([name]) => name),
  }));
}
