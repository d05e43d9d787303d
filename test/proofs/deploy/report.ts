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
  readonly held: number;
  readonly failed: number;
  readonly substitutions: number;
}

export function createReport(print: (line: string) => void): Report {
  let steps = 0;
  let held = 0;
  let substitutions = 0;
  const failed: string[] = [];
  function holds(claim: string, isSo: boolean, why?: string): void {
    print(`  ${isSo ? 'ok      ' : 'NOT SO  '}${claim}`);
    if (isSo) held += 1;
    else {
      failed.push(claim);
      if (why !== undefined) for (const line of why.split('\n')) print(`          ${line}`);
    }
  }
  return {
    step(title) {
      steps += 1;
      print(`\n${steps}. ${title}`);
    },
    did: (what) => print(`  did     ${what}`),
    substituted(what) {
      substitutions += 1;
      print(`  instead ${what}`);
    },
    holds,
    equal(claim, actual, expected) {
      const why = `is       ${JSON.stringify(actual)}\nshould be ${JSON.stringify(expected)}`;
      holds(claim, isDeepStrictEqual(actual, expected), why);
    },
    counts: () => ({ held, failed: failed.length, substitutions }),
  };
}
