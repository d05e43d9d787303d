import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Policy } from './points.ts';

export interface Options {
  /** For each policy, shared out among the seeds. */
  readonly kills: number;
  readonly policies: readonly Policy[];
  readonly seeds: readonly number[];
  readonly planted: boolean;
  readonly json: boolean;
}

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

/** Enough for every planted defect to show. */
const killsForPlanted = 60;

export const usage = `Usage: node test/support/run.mjs test/kill/run.ts [options]

Runs the built functions on the local stack, kills their processes with SIGKILL at six named points of their work, and
counts what became of every message. Exits with 1 when a figure is not what it must be. Needs Linux.

  --kills <number>   of workers, for each policy (default 1000; with --planted ${killsForPlanted} for each defect)
  --policy <policy>  hold, resend or both (default both)
  --seed <number>    one seed instead of a fixed and a random one
  --planted          plants defects in the functions instead, and exits with 1 when one is not noticed
  --json             the figures as JSON
  --help             this text
`;

/** Throws an Error in plain words for options that make no sense; undefined when help is asked for. */
export function readOptions(programArguments: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...programArguments],
    options: {
      kills: { type: 'string' },
      policy: { type: 'string', default: 'both' },
      seed: { type: 'string' },
      planted: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { planted, json, policy, seed } = values;
  return {
    kills: count('--kills', values.kills ?? String(planted ? killsForPlanted : 1_000)),
    policies: policiesOf(policy),
    seeds: seed === undefined ? [fixedSeed, randomInt(2 ** 32)] : [count('--seed', seed)],
    planted,
    json,
  };
}

function policiesOf(text: string): readonly Policy[] {
  switch (text) {
    case 'both':
      return ['hold', 'resend'];
    case 'hold':
    case 'resend':
      return [text];
  }
  throw new Error(`--policy takes hold, resend or both, not "${text}"`);
}

function count(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new Error(`${name} takes a whole number below ${2 ** 32}, not "${text}"`);
  return Number(text);
}
