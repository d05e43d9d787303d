import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { IfUnclear } from '../../../lib/message/message.ts';

export interface Options {
  readonly messages: number;
  readonly seeds: readonly number[];
  readonly policies: readonly IfUnclear[];
  readonly planted: boolean;
  readonly json: boolean;
}

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

/** Enough for every defect to show. */
const messagesForPlanted = 3_000;

const allPolicies = ['hold', 'settle', 'resend'] as const;

export const usage = `Usage: node test/support/run.mjs test/sim/delivery/run.ts [options]

Sends messages through queues, mappings and the shipped functions to a scripted Connectly in virtual time, while
answers, queues, ledger, secrets and environments fail, and holds what came of each message against the promises. Exits
with 1 when one is broken.

  --messages <number>  under each policy (default 100000; with --planted ${messagesForPlanted})
  --policy <name>      hold, settle or resend instead of all; may be repeated
  --seed <number>      one seed instead of a fixed and a random one
  --planted            plants defects in the shipped modules instead, and exits with 1 when one is not noticed
  --json               the figures as JSON
  --help               this text
`;

/** Throws an Error in plain words for options that make no sense; undefined when help is asked for. */
export function readOptions(programArguments: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...programArguments],
    options: {
      messages: { type: 'string' },
      policy: { type: 'string', multiple: true },
      seed: { type: 'string' },
      planted: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { planted, json } = values;
  return {
    messages: count('--messages', values.messages ?? String(planted ? messagesForPlanted : 100_000)),
    seeds: values.seed === undefined ? [fixedSeed, randomInt(2 ** 32)] : [count('--seed', values.seed)],
    policies: values.policy === undefined ? allPolicies : values.policy.map(policyNamed),
    planted,
    json,
  };
}

function policyNamed(name: string): IfUnclear {
  const policy = allPolicies.find((known) => known === name);
  if (policy === undefined) throw new Error(`there is no policy "${name}"`);
  return policy;
}

function count(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new Error(`${name} takes a whole number below ${2 ** 32}, not "${text}"`);
  return Number(text);
}
