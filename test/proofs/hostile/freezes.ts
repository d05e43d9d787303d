// Sends over connections that were kept while the sender stood still: what a server has given up before a request began
// must not leave that request unclear.
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, none } from '../harness/figures.ts';
import { createRandom, type Random } from '../harness/random.ts';
import type { ProcessBundle } from './bundle.ts';
import { type Sent, startFrozenSender, timesFaster } from './frozen-sender.ts';
import {
  type Act,
  type RestingConnection,
  type RestingServer,
  startRestingServer,
} from './resting-server.ts';

export interface FreezeReport {
  /** Sends to a server that had answered one before. */
  readonly reuses: number;
  /** Of them, those that opened no connection. */
  readonly kept: number;
  /** Unclear, though the server had given the connection up before the request began. */
  readonly falseUnclear: number;
  /** Unclear, because it gave the connection up while the request was under way: nobody can win that race. */
  readonly races: number;
  readonly misses: readonly string[];
}

const processes = 4;
const serversEach = 25;

/** How long a process stands still, in milliseconds: up to seven seconds by the clock that counts rests. */
const freezesMs = [0, 5, 50, 200, 330, 450, 700];

/** What comes of a connection, and what the answer before says of it. */
interface Fate {
  readonly act: Act;
  /** Of rest, by the clock that counts rests; any moment of the freeze, or right after it, unless given. */
  readonly afterMs?: number;
  readonly headers?: readonly string[];
  readonly endsBehind?: boolean;
}

const kept: Fate = { act: 'keep' };
const fates: readonly Fate[] = [
  kept,
  { act: 'end' },
  { act: 'close' },
  { act: 'reset' },
  { act: 'unasked answer' },
  { act: 'keep', endsBehind: true },
  { act: 'end', headers: ['Connection: close'] },
  { act: 'forget', afterMs: 5_000 },
  { act: 'end', afterMs: 5_000, headers: ['Keep-Alive: timeout=5'] },
  { act: 'forget', afterMs: 3_000, headers: ['Keep-Alive: timeout=3, max=100'] },
  { act: 'forget', afterMs: 1_000, headers: ['Keep-Alive: timeout=1'] },
];

/** Rests that are so short, by the faster clock, are short of every limit on a slow machine, too. */
const shortMs = 3_500;

export async function runFreezes(
  { path }: ProcessBundle,
  { reuses, seed }: { readonly reuses: number; readonly seed: number },
): Promise<FreezeReport> {
  const rounds = Math.ceil(reuses / (processes * serversEach));
  const reports = await Promise.all(
    Array.from({ length: processes }, (_, stream) => runProcess(path, rounds, createRandom(seed, stream))),
  );
  return reports.reduce((one, other) => ({
    reuses: one.reuses + other.reuses,
    kept: one.kept + other.kept,
    falseUnclear: one.falseUnclear + other.falseUnclear,
    races: one.races + other.races,
    misses: [...one.misses, ...other.misses],
  }));
}

export function freezeFigures({
  reuses,
  kept: count,
  falseUnclear,
  misses,
}: FreezeReport): readonly Figure[] {
  return [
    none('unclear over connections that were given up before', falseUnclear),
    none('other sends over kept connections that went wrong', misses.length),
    { name: 'share of sends that needed no new connection', value: count / reuses, atLeast: 0.1 },
  ];
}

/** A connection between two sends. */
interface Rest {
  readonly fate: Fate;
  readonly connection: RestingConnection;
  readonly connectionsBefore: number;
  /** Of the send before. */
  readonly endedAt: number;
  /** To be aborted when the next send is over: a connection in use does not rest. */
  readonly over: AbortController;
  readonly acted: Promise<void>;
}

async function runProcess(path: string, rounds: number, random: Random): Promise<FreezeReport> {
  const sender = startFrozenSender(path);
  const servers = await Promise.all(Array.from({ length: serversEach }, () => startRestingServer()));
  const verdicts: (readonly [Fate, Verdict])[] = [];
  let keptConnections = 0;
  let serial = 0;
  let rests: readonly Rest[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const lots = servers.map((server) => ({ server, fate: random.pick(fates), serial: (serial += 1) }));
    for (const { server, fate } of lots) server.answerWith(fate.headers ?? [], fate.endsBehind ?? false);
    const invoked = sender.invoke(
      lots.map(({ server, serial: number }) => ({ url: server.url, serial: number })),
    );
    // What has come to the process meanwhile, the invocation and the ends of connections, it finds all at once.
    sender.thaw();
    const sent = await invoked;
    for (const { over } of rests) over.abort();
    await Promise.all(rests.map(({ acted }) => acted));
    for (const [index, rest] of rests.entries()) {
      const [lot, now] = [lots[index], sent[index]];
      if (lot === undefined || now === undefined) throw new Error('A message is missing.');
      const opened = lot.server.connections - rest.connectionsBefore;
      keptConnections += opened === 0 ? 1 : 0;
      verdicts.push([rest.fate, verdictOn(now, rest, { opened, arrivals: lot.server.arrivals(lot.serial) })]);
    }
    await sender.freeze();
    const freezeMs = random.pick(freezesMs);
    rests = lots.map(({ server, fate }, index) => {
      // Half of them at the very moment of the next send, as far as anybody can meet that.
      const anyMs = random.chance(0.5) ? random.int(freezeMs + 1) : freezeMs + random.int(3);
      const afterMs = fate.afterMs === undefined ? anyMs : fate.afterMs / timesFaster;
      return restOf(server, { fate, afterMs, endedAt: sent[index]?.endedAt ?? 0 });
    });
    await pause(freezeMs);
  }
  for (const { over } of rests) over.abort();
  sender.stop();
  for (const server of servers) server.close();
  const count = (verdict: Verdict) => verdicts.filter(([, one]) => one === verdict).length;
  return {
    reuses: verdicts.length,
    kept: keptConnections,
    falseUnclear: count('false unclear'),
    races: count('race'),
    misses: verdicts
      .filter(([, verdict]) => !['right', 'race', 'false unclear'].includes(verdict))
      .map(([{ act, headers = [] }, verdict]) => `${verdict} (${[act, ...headers].join(', ')})`),
  };
}

function restOf(
  server: RestingServer,
  { fate, afterMs, endedAt }: Pick<Rest, 'fate' | 'endedAt'> & { readonly afterMs: number },
): Rest {
  const connection = server.rest();
  const over = new AbortController();
  const acted = pause(afterMs, undefined, { signal: over.signal }).then(
    () => connection.act(fate.act),
    () => {},
  );
  return { fate, connection, connectionsBefore: server.connections, endedAt, over, acted };
}

type Verdict =
  | 'right'
  | 'false unclear'
  | 'race'
  | 'unclear without a reason'
  | 'sent twice'
  | 'accepted by nobody'
  | 'a new connection for nothing'
  | Sent['kind'];

function verdictOn(
  { kind, beganAt }: Sent,
  { fate, connection, endedAt }: Rest,
  { opened, arrivals }: { readonly opened: number; readonly arrivals: number },
): Verdict {
  if (arrivals > 1) return 'sent twice';
  if (kind === 'unclear') {
    if (connection.givenUpAt < beganAt) return 'false unclear';
    return connection.givenUpAt < Number.POSITIVE_INFINITY ? 'race' : 'unclear without a reason';
  }
  if (kind !== 'accepted') return kind;
  if (arrivals === 0) return 'accepted by nobody';
  // A send before that lost the race leaves a connection that is gone.
  const isWhole = fate === kept && connection.givenUpAt === Number.POSITIVE_INFINITY;
  const isShort = (beganAt - endedAt) * timesFaster < shortMs;
  return isWhole && isShort && opened > 0 ? 'a new connection for nothing' : 'right';
}
