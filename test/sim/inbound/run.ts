import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildShipped } from '../delivery/defects.ts';
import * as shipped from '../delivery/shipped.ts';
import { readStage } from '../delivery/stage.ts';
import { defects } from './defects.ts';
import { figuresOf, missesOf, type Report, simulate } from './simulate.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

/** The one seed of every run; the other one is new each time. */
const fixedSeed = 20_261_122;

const usage = `Usage: node test/support/run.mjs test/sim/inbound/run.ts [options]

Posts events to the shipped webhook in virtual time, while queue, secret, environments and replies fail, and holds what
is on the events queue against what was acknowledged. Exits with 1 when a promise is broken.

  --events <number>  how many (default 100000; with --planted 5000)
  --seed <number>    one seed instead of a fixed and a random one
  --planted          plants defects in the shipped modules instead, and exits with 1 when one is not noticed
  --json             the figures as JSON
  --help             this text
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string' },
      seed: { type: 'string' },
      planted: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const events = count('--events', values.events ?? (values.planted ? '5000' : '100000'));
  const seeds = values.seed === undefined ? [fixedSeed, randomInt(2 ** 32)] : [count('--seed', values.seed)];
  // Before anything can go wrong: without its seed a run cannot be repeated.
  process.stderr.write(`seeds: ${seeds.join(', ')}\n`);
  return values.planted ? runPlanted(events, seeds) : runEvents({ events, seeds, json: values.json });
}

interface Run {
  readonly events: number;
  readonly seeds: readonly number[];
  readonly json: boolean;
}

async function runEvents({ events, seeds, json }: Run): Promise<number> {
  const stage = await readStage(projectRoot);
  const runs = [];
  for (const seed of seeds) {
    const startedAt = performance.now();
    const report = await simulate({ shipped, stage, events, seed });
    const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
    runs.push({ seed, tookSeconds, report, misses: missesOf(report) });
    if (!json) process.stdout.write(formatRun(report, seed, tookSeconds));
  }
  if (json) process.stdout.write(`${JSON.stringify({ runs }, null, 2)}\n`);
  return runs.every(({ misses }) => misses.length === 0) ? 0 : 1;
}

async function runPlanted(events: number, seeds: readonly number[]): Promise<number> {
  const stage = await readStage(projectRoot);
  let isAsExpected = true;
  for (const seed of seeds) {
    for (const { name, changes } of [{ name: 'nothing', changes: [] }, ...defects]) {
      const built = await buildShipped({ name, changes }, projectRoot);
      const misses = missesOf(await simulate({ shipped: built, stage, events, seed }));
      const isRight = misses.length > 0 === changes.length > 0;
      isAsExpected &&= isRight;
      const found = misses.length === 0 ? 'no figure missed' : misses.join('; ');
      process.stdout.write(`${isRight ? 'ok    ' : 'WRONG '} ${name} (seed ${seed}): ${found}\n`);
    }
  }
  return isAsExpected ? 0 : 1;
}

function formatRun(report: Report, seed: number, tookSeconds: number): string {
  const { events, requests, acknowledged, copies, byStatus, injected, canaries } = report;
  const lines = [
    `\nseed ${seed}: ${events} events in ${requests} requests, ${acknowledged} acknowledged, ${copies} copies, in ${tookSeconds} s`,
    `  answers: ${JSON.stringify(byStatus)}`,
    `  injected: ${JSON.stringify(injected)}`,
    ...figuresOf(report).map(({ name, value }) => `  ${value === 0 ? 'ok    ' : 'MISSED'} ${name}: ${value}`),
    ...canaries.map((hit) => `  ${hit}`),
  ];
  return `${lines.join('\n')}\n`;
}

function count(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new Error(`${name} takes a whole number below ${2 ** 32}, not "${text}"`);
  return Number(text);
}

process.exitCode = await main();
