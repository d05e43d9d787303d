import type { SuiteOptions } from '../harness/suite.ts';

export const suite = {
  script: 'fuzz',
  purpose: `
Sends fuzzed webhook requests through the receive use case and through the running stack, and holds every answer and
every queued event against an independent oracle. Ends with 1 when a figure is not what it must be.
`,
  counts: {
    requests: { meaning: 'through the use case', usual: 1_000_000, planted: 5_000 },
    'stack-requests': { meaning: 'through the stack; 0 starts no stack', usual: 10_000, atLeast: 0 },
    pairs: {
      meaning: 'of a body and its signature, of which every bit is changed',
      usual: 1_000,
      atLeast: 0,
    },
    'code-points': {
      meaning: 'of Unicode, from the first one on',
      usual: 0x110000,
      atLeast: 0,
      atMost: 0x110000,
    },
  },
  others: {
    case: {
      takes: '<seed>:<number>',
      pattern: /^\d+:\d+$/,
      meaning: 'shows one request, what it deserves and what became of it',
    },
  },
};

/** One request of the run with this seed. */
export interface Case {
  readonly seed: number;
  readonly index: number;
}

export type Options = SuiteOptions<keyof typeof suite.counts>;

/** A request to be looked at instead of a run. */
export function caseOf({ others }: Pick<Options, 'others'>): Case | undefined {
  const [seed, index] = others.get('case')?.split(':') ?? [];
  return seed === undefined || index === undefined ? undefined : { seed: Number(seed), index: Number(index) };
}
