import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface Options {
  readonly requests: number;
  readonly stackRequests: number;
  readonly pairs: number;
  /** From U+0000 on. */
  readonly codePoints: number;
  /** The requests are shared out among them. */
  readonly seeds: readonly number[];
  readonly json: boolean;
  /** One request of the run with this seed, to be looked at instead of a run. */
  readonly case: { readonly seed: number; readonly index: number } | undefined;
}

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

export const usage = `Usage: npm run fuzz -- [options]

Sends fuzzed webhook requests through the receive use case and through the running stack, and holds every answer and
every queued event against an independent oracle. Exits with 1 when a figure is not what it must be.

  --requests <number>        through the use case (default 1000000)
  --stack-requests <number>  through the stack (default 10000; 0 starts no stack)
  --pairs <number>           of a body and its signature, of which every bit is changed (default 1000)
  --code-points <number>     of Unicode, from the first one on (default 1114112: all)
  --seed <number>            one seed instead of a fixed and a random one
  --case <seed>:<number>     show one request, what it deserves and what became of it
  --json                     the figures as JSON
  --help                     this text
`;

/** Throws an Error in plain words for options that make no sense; undefined when help is asked for. */
export function readOptions(programArguments: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...programArguments],
    options: {
      requests: { type: 'string', default: '1000000' },
      'stack-requests': { type: 'string', default: '10000' },
      pairs: { type: 'string', default: '1000' },
      'code-points': { type: 'string', default: '1114112' },
      seed: { type: 'string' },
      case: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    requests: count('--requests', values.requests),
    stackRequests: count('--stack-requests', values['stack-requests']),
    pairs: count('--pairs', values.pairs),
    codePoints: Math.min(count('--code-points', values['code-points']), 0x110000),
    seeds: values.seed === undefined ? [fixedSeed, randomInt(2 ** 32)] : [count('--seed', values.seed)],
    json: values.json,
    case: values.case === undefined ? undefined : readCase(values.case),
  };
}

function readCase(text: string): { seed: number; index: number } {
  const [, seed, index] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (seed === undefined || index === undefined)
    throw new Error(`--case takes <seed>:<number>, not "${text}"`);
  return { seed: Number(seed), index: Number(index) };
}

function count(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) {
    throw new Error(`${name} takes a whole number below ${2 ** 32}, not "${text}"`);
  }
  return Number(text);
}
