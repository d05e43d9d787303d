import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { findScene, type Scene, scenes } from './scenes.ts';

export interface Options {
  readonly messages: number;
  readonly seeds: readonly number[];
  readonly scenes: readonly Scene[];
  readonly planted: boolean;
  readonly json: boolean;
}

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

/** Enough for every defect to show; the share of 429s of a hard limit is met from here on, too. */
const messagesForPlanted = 10_000;

export const usage = `Usage: node test/support/run.mjs test/sim/rate/run.ts [options]

Sends messages through queue, mapping, dispatcher and retry policy to a scripted Connectly, in virtual time, and holds
what came of it against the goals. Exits with 1 when one is missed.

  --messages <number>  in each scene (default 100000; with --planted ${messagesForPlanted})
  --scene <name>       one scene instead of all; may be repeated
  --seed <number>      one seed instead of a fixed and a random one
  --planted            plants defects in the dispatcher instead, and exits with 1 when one is not noticed
  --json               the figures as JSON
  --help               this text

Scenes: ${scenes.map(({ name }) => name).join(', ')}
`;

/** Throws an Error in plain words for options that make no sense; undefined when help is asked for. */
export function readOptions(programArguments: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...programArguments],
    options: {
      messages: { type: 'string' },
      scene: { type: 'string', multiple: true },
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
    scenes: values.scene === undefined ? scenes : values.scene.map(sceneNamed),
    planted,
    json,
  };
}

function sceneNamed(name: string): Scene {
  const scene = findScene(name);
  if (scene === undefined) throw new Error(`there is no scene "${name}"`);
  return scene;
}

function count(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new Error(`${name} takes a whole number below ${2 ** 32}, not "${text}"`);
  return Number(text);
}
