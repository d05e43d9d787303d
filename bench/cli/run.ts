import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { startJourney } from '../../test/support/journey.ts';

// Two ratios, each of programs that take turns in one run, so that the machine's load is in both: what `relay --help`
// takes beside a bare Node, and how fast `relay bulk` queues beside a bare loop over the SDK. Ends with 1 when one of
// them is beyond its bound.

const helpBound = 4;
const rateBound = 0.6;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '15' },
  },
});
const rows = Number(values.rows);

/** Milliseconds that a program takes, from its start to its end. Rejects when it fails. */
async function timeOf(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${child.exitCode}: ${words}`);
  return performance.now() - startedAt;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The medians of two programs that take turns. */
async function compare(
  times: number,
  one: (turn: number) => readonly string[],
  other: (turn: number) => readonly string[],
): Promise<[number, number]> {
  const taken: [number[], number[]] = [[], []];
  for (let turn = 0; turn < times; turn += 1) {
    taken[0].push(await timeOf(one(turn)));
    taken[1].push(await timeOf(other(turn)));
  }
  return [median(taken[0]), median(taken[1])];
}

const journey = await startJourney({ projectRoot: process.cwd() });
try {
  const { awsUrl, outputs } = journey.state;
  const relay = journey.project.path('cli/relay.mjs');
  const file = journey.project.path('messages.ndjson');
  const messages = Array.from({ length: rows }, (_, index) =>
    JSON.stringify({
      type: 'template',
      to: `+1631555${String(index).padStart(4, '0')}`,
      templateName: 'order_ready',
      parameters: [{ name: 'body_1', value: `Customer ${index}` }],
      id: `order-${index}`,
    }),
  );
  await journey.project.write('messages.ndjson', `${messages.join('\n')}\n`);
  // Nobody takes messages from the queue meanwhile, nor the processor from the two.
  const paused = await journey.relay('pause', '--yes');
  if (paused.exitCode !== 0) throw new Error(paused.stderr);

  const [help, bare] = await compare(
    Number(values.starts),
    () => [relay, '--help'],
    () => ['--eval', '0'],
  );
  const [bulk, loop] = await compare(
    Number(values.rounds),
    (turn) => [relay, 'bulk', file, '--quiet', '--ledger', journey.project.path(`${turn}.ledger`)],
    () => ['bench/cli/bare-loop.mjs', awsUrl, outputs['SendsQueueUrl'] ?? '', file],
  );

  const helpRatio = help / bare;
  const rateRatio = loop / bulk;
  const perSecond = (ms: number) => Math.round((rows * 1000) / ms);
  const lines = [
    `relay --help: ${help.toFixed(0)} ms, a bare Node ${bare.toFixed(0)} ms: ${helpRatio.toFixed(2)} x (at most ${helpBound})`,
    `${rows} rows: relay bulk ${perSecond(bulk)}/s, a bare SDK loop ${perSecond(loop)}/s: ${(rateRatio * 100).toFixed(0)} % (at least ${rateBound * 100})`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!(helpRatio <= helpBound && rateRatio >= rateBound)) process.exitCode = 1;
} finally {
  await journey.end();
}
