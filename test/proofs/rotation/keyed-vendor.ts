import type { Clock } from '../../../local/clock.ts';
import type { HttpAnswer, SentRequest } from '../harness/simulated/https-in-process.ts';
import { type Fetch, lastRead } from './secret-store.ts';

/** An instance of the sender, as Connectly and the stand see it. */
export interface KeyedCaller {
  readonly fetches: readonly Fetch[];
  /** When it first got a 401 for a key. */
  readonly refusedSince: Map<string, number>;
  underWay: number;
}

export interface KeyedVendorOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly firstKey: string;
}

/** Connectly, taking one key at a time and refusing every other at once. */
export function createKeyedVendor({ clock, random, firstKey }: KeyedVendorOptions) {
  let taken = firstKey;
  const accepted = new Map<string, number>();
  const unauthorized = new Map<KeyedCaller, Map<string, number>>();
  const figures = {
    requests: 0,
    unauthorized: 0,
    begunInVain: 0,
    begunForWantOfKey: 0,
    withoutKey: 0,
    longestStaleMs: 0,
  };
  const pause = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  async function answer(request: SentRequest, caller: KeyedCaller): Promise<HttpAnswer> {
    const { method, headers, body } = request;
    const key = headers['X-API-Key'] ?? '';
    count(key, caller);
    caller.underWay += 1;
    try {
      await pause(20 + Math.floor(random() * 40));
      if (key !== taken) {
        await pause(5 + Math.floor(random() * 20));
        refuse(key, caller);
        return { status: 401, body: '{"code":"ERROR_CODE_UNSPECIFIED"}' };
      }
      await pause(50 + Math.floor(random() * 350));
      if (method === 'GET') return { status: 200, body: '{"entity":[]}' };
      const mark = /m-\d+-/.exec(body)?.[0] ?? '';
      accepted.set(mark, (accepted.get(mark) ?? 0) + 1);
      return { status: 201, body: JSON.stringify({ id: `V${mark}` }) };
    } finally {
      caller.underWay -= 1;
    }
  }

  function count(key: string, { fetches, refusedSince }: KeyedCaller): void {
    const now = clock.now();
    const known = lastRead(fetches, now);
    figures.requests += 1;
    if (known === undefined) {
      figures.withoutKey += 1;
      return;
    }
    figures.longestStaleMs = Math.max(figures.longestStaleMs, now - known.endedAt);
    if (key === taken || !refusedSince.has(key)) return;
    if (known.value === key) figures.begunForWantOfKey += 1;
    else figures.begunInVain += 1;
  }

  function refuse(key: string, caller: KeyedCaller): void {
    figures.unauthorized += 1;
    const keys = unauthorized.get(caller) ?? new Map<string, number>();
    unauthorized.set(caller, keys.set(key, (keys.get(key) ?? 0) + 1));
    if (!caller.refusedSince.has(key)) caller.refusedSince.set(key, clock.now());
  }

  return {
    answer,
    /** From now on. */
    takeOnly(key: string) {
      taken = key;
    },
    /** How often each message was. */
    accepted,
    figures,
    get mostUnauthorized() {
      const counts = Array.from(unauthorized.values(), (keys) => Math.max(...keys.values()));
      return Math.max(0, ...counts);
    },
  };
}
