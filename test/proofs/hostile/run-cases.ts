import type { HostileCase } from './hostile-case.ts';
import type { SenderProcess } from './sender.ts';
import { keys, type Verdict } from './task.ts';
import { startHostileServer } from './wire.ts';

/** How one case ended. */
export interface CaseResult {
  readonly name: string;
  /** In plain words, where it did not end as it must. */
  readonly miss: string | undefined;
  readonly verdicts: readonly Verdict[];
  /** What the server got rid of. */
  readonly writtenBytes: number;
  readonly mostMemoryBytes: number;
}

/** For what only the deadline ends, in milliseconds: a tenth of the deployed one and a bit. */
export const scaledDeadlineMs = 1_000;

const sideBySide = 24;

export async function runCases(
  sender: SenderProcess,
  cases: readonly HostileCase[],
  { oneByOne = false }: { readonly oneByOne?: boolean } = {},
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const left = [...cases.entries()];
  async function work(): Promise<void> {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, hostile] = next;
      results[index] = await runCase(sender, hostile);
    }
  }
  await Promise.all(Array.from({ length: oneByOne ? 1 : sideBySide }, work));
  return results;
}

/** With the deployed deadline, unless that alone ends the case. */
export async function runCase(sender: SenderProcess, hostile: HostileCase): Promise<CaseResult> {
  const {
    name,
    calls = ['send'],
    play,
    urlOf = plainUrl,
    isLarge = false,
    restMs = 0,
    businessId = 'business-1',
  } = hostile;
  const server = await startHostileServer(play);
  const { verdicts, mostMemoryBytes } = await sender.run({
    url: urlOf(server.port),
    calls,
    isLarge,
    restMs,
    businessId,
    ...(hostile.endsByDeadline && { deadlineMs: scaledDeadlineMs }),
  });
  const { requests, connections, received, writtenBytes } = server;
  await server.close();
  const miss = missOf(hostile, { verdicts, requests, connections, received });
  return { name, miss, verdicts, writtenBytes, mostMemoryBytes };
}

const plainUrl = (port: number) => `http://127.0.0.1:${port}`;

interface Seen {
  readonly verdicts: readonly Verdict[];
  readonly requests: number;
  readonly connections: number;
  readonly received: string;
}

function missOf({ calls = ['send'], expected, requests }: HostileCase, seen: Seen): string | undefined {
  const wrong = calls.findIndex(
    (_, index) => !expected[index]?.includes(seen.verdicts[index] ?? 'never ends'),
  );
  if (wrong >= 0)
    return `call ${wrong + 1} came to "${seen.verdicts[wrong]}", not "${expected[wrong]?.join('" or "')}"`;
  if (requests !== undefined && seen.requests !== requests)
    return `${seen.requests} requests instead of ${requests}`;
  // A call is at most two requests, the second of them with the renewed key.
  const oldKeys = count(seen.received, keys.old);
  if (oldKeys > calls.length) return `the key was sent ${oldKeys} times in ${calls.length} calls`;
  const inHeader = /\r\nx-api-key: hostile-key-canary-\d\r\n/gi;
  const loose = count(seen.received.replaceAll(inHeader, '\r\n\r\n'), 'hostile-key-canary');
  return loose > 0 ? 'the key stands somewhere else than in its header' : undefined;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
