import type { Figure } from '../harness/figures.ts';
import { badChunks, bodies, drips, interim, noHandshake, notHttp, wrongLengths } from './broken-answers.ts';
import { earlyAnswers, reusedConnections } from './connections.ts';
import type { HostileCase } from './hostile-case.ts';
import { endlessAnswers } from './memory.ts';
import { cutEverywhere, randomAnswers } from './random-answers.ts';
import { redirects } from './redirects.ts';
import { type CaseResult, runCase, runCases } from './run-cases.ts';
import type { BuiltSender, SenderProcess } from './sender.ts';
import { startHostileServer } from './wire.ts';

export interface HostileOptions {
  /** Answers made up at random, with each seed; everything else is the same each time and runs once. */
  readonly answers: number;
  /** Valid answers are broken off after every byte whose number divides by this. */
  readonly cutEveryBytes: number;
  readonly seeds: readonly number[];
  /** Goes no further than it must to find something wrong, and believes what it sees. */
  readonly endsAtFirstMiss?: boolean;
}

export interface GroupReport {
  readonly name: string;
  readonly cases: number;
  readonly lookedAtAgain: number;
  readonly misses: readonly string[];
}

export interface HostileReport {
  readonly groups: readonly GroupReport[];
  /** What reached the second host and the proxies that the environment names. */
  readonly secondHost: { readonly connections: number; readonly bytes: number };
  /** Of the process that took every endless answer, in bytes. */
  readonly memoryGrowthBytes: number;
  /** How much the servers with endless answers were rid of, in bytes. */
  readonly endlessBytes: number;
}

/** Everything that a server can do to the sender, and what came of it. */
export async function runHostile(built: BuiltSender, options: HostileOptions): Promise<HostileReport> {
  const { answers, cutEveryBytes, seeds, endsAtFirstMiss = false } = options;
  const second = await startHostileServer(async (wire) => wire.gone);
  // Whoever sends by way of a proxy that the environment names shows the key to it.
  const proxy = `http://127.0.0.1:${second.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const environment = { ...Object.fromEntries(names.map((name) => [name, proxy])), NODE_USE_ENV_PROXY: '1' };
  const missed = () => groups.some(({ misses }) => misses.length > 0) || second.connections > 0;
  const groups: GroupReport[] = [];
  const cases: readonly (readonly [string, readonly HostileCase[]])[] = [
    ['redirects', redirects(second.port)],
    ['drips', drips],
    ['interim answers', interim],
    ['wrong lengths', wrongLengths],
    ['bad chunks', badChunks],
    ['bodies', bodies],
    ['not HTTP', notHttp],
    ['no handshake', noHandshake],
    ['early answers', earlyAnswers],
    ['reused connections', reusedConnections],
    ['broken off at every byte', cutEverywhere(cutEveryBytes)],
    ...seeds.map((seed) => [`random answers, seed ${seed}`, randomAnswers(answers, seed)] as const),
  ];
  const sender = built.start(environment);
  for (const [name, ofGroup] of cases) {
    groups.push(await runGroup(name, ofGroup, sender, !endsAtFirstMiss));
    if (endsAtFirstMiss && missed()) break;
  }
  sender.stop();
  const endless = endsAtFirstMiss && missed() ? undefined : await runEndless(built.start(environment));
  if (endless !== undefined) groups.push(endless.report);
  const { connections, received } = second;
  await second.close();
  return {
    groups,
    secondHost: { connections, bytes: received.length },
    memoryGrowthBytes: endless?.memoryGrowthBytes ?? 0,
    endlessBytes: endless?.endlessBytes ?? 0,
  };
}

export function figuresOf({ groups, secondHost, memoryGrowthBytes }: HostileReport): readonly Figure[] {
  const misjudged = groups.reduce((sum, { misses }) => sum + misses.length, 0);
  return [
    { name: 'misjudged, late or crashed', value: misjudged, atMost: 0 },
    { name: 'connections to the second host', value: secondHost.connections, atMost: 0 },
    { name: 'bytes at the second host', value: secondHost.bytes, atMost: 0 },
    {
      name: 'growth of memory over answers without an end, in MiB',
      value: memoryGrowthBytes / 2 ** 20,
      atMost: 32,
    },
  ];
}

/** A miss is looked at again, alone and with the deployed deadline: a machine that stood still is no defect. */
async function runGroup(
  name: string,
  cases: readonly HostileCase[],
  sender: SenderProcess,
  looksAgain: boolean,
): Promise<GroupReport> {
  const results = await runCases(sender, cases);
  const misses: string[] = [];
  let lookedAtAgain = 0;
  for (const [index, result] of results.entries()) {
    const hostile = cases[index];
    if (result.miss === undefined || hostile === undefined) continue;
    lookedAtAgain += looksAgain ? 1 : 0;
    const last = looksAgain ? await runCase(sender, { ...hostile, endsByDeadline: false }) : result;
    if (last.miss !== undefined) misses.push(`${name}: ${last.name}: ${last.miss}`);
  }
  return { name, cases: cases.length, lookedAtAgain, misses };
}

/** In a process that has sent before, so that all it needs for that is there. */
async function runEndless(sender: SenderProcess) {
  const before = await runCases(sender, randomAnswers(300, 1));
  const startedWith = most(before);
  const results = await runCases(sender, endlessAnswers, { oneByOne: true });
  sender.stop();
  const misses = results.flatMap(({ name, miss }) =>
    miss === undefined ? [] : [`endless: ${name}: ${miss}`],
  );
  return {
    report: { name: 'endless', cases: endlessAnswers.length, lookedAtAgain: 0, misses },
    memoryGrowthBytes: most(results) - startedWith,
    endlessBytes: results.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0),
  };
}

function most(results: readonly CaseResult[]): number {
  return Math.max(...results.map(({ mostMemoryBytes }) => mostMemoryBytes));
}
