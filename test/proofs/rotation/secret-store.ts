import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { refreshIntervalMs, serveStaleMs } from '../../../lib/secrets/cache.ts';
import type { Clock } from '../../../local/clock.ts';
import { type CallOptions, scripted } from '../../support/scripted-clients.ts';
import { awsFailure } from '../harness/simulated/faults.ts';
import type { VirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';

/** One call for the secret's value, as Secrets Manager saw it. Times in epoch milliseconds. */
export interface Fetch {
  readonly startedAt: number;
  /** When the value was read; undefined while that has not happened, and for ever when it was not given. */
  readAt: number | undefined;
  value: string | undefined;
  /** Infinity until then. */
  endedAt: number;
}

export type Health = 'up' | 'half' | 'down';

export interface SecretStoreOptions {
  readonly clock: Clock;
  readonly deadlines: VirtualDeadlines;
  readonly random: () => number;
  readonly value: () => string;
  /** `half`: every second call fails, on average. */
  readonly health: () => Health;
}

/** Of the calls that fail, so many hang until they are given up; the others are throttled. */
const hangingShare = 0.3;

/** Secrets Manager's client of one environment, failing after all of its own tries, and an account of its calls. */
export function createSecretStore({ clock, deadlines, random, value, health }: SecretStoreOptions) {
  const fetches: Fetch[] = [];
  const pause = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  async function send(command: object, { abortSignal }: CallOptions = {}): Promise<object> {
    if (!(command instanceof GetSecretValueCommand)) throw new Error('a command that no adapter uses');
    const fetch: Fetch = {
      startedAt: clock.now(),
      readAt: undefined,
      value: undefined,
      endedAt: Number.POSITIVE_INFINITY,
    };
    fetches.push(fetch);
    try {
      await pause(5 + Math.floor(random() * 20));
      const isGiven = { up: true, half: random() < 0.5, down: false }[health()];
      if (isGiven) {
        fetch.readAt = clock.now();
        fetch.value = value();
        await pause(5 + Math.floor(random() * 20));
        return { SecretString: fetch.value };
      }
      const hangs = random() < hangingShare;
      if (hangs) await pause(deadlines.leftMs(abortSignal));
      throw awsFailure(hangs ? 'AbortError' : 'ThrottlingException');
    } finally {
      fetch.endedAt = clock.now();
    }
  }

  return { fetches, client: scripted.secretsManager(send) };
}

/** The last call that gave a value and has ended. */
export function lastRead(fetches: readonly Fetch[], now: number): Fetch | undefined {
  return fetches.findLast(({ readAt, endedAt }) => readAt !== undefined && endedAt <= now);
}

/** Calls that began less than 30 s after the one before, though a value could be served: what a refresh may not do. */
export function hastyFetches(fetches: readonly Fetch[]): number {
  return fetches.filter((fetch, index) => {
    const before = fetches[index - 1];
    const known = lastRead(fetches.slice(0, index), fetch.startedAt);
    const isServed = known !== undefined && fetch.startedAt - known.endedAt <= serveStaleMs;
    return isServed && before !== undefined && fetch.startedAt - before.startedAt < refreshIntervalMs;
  }).length;
}
