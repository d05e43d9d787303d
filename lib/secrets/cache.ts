import { RelayError } from '../errors.ts';

/** How long a secret is used before it is asked for again, in milliseconds. */
export const timeToLiveMs = 5 * 60 * 1000;

/** A refresh that somebody else's bad signature or key can cause happens at most this often, in milliseconds. */
export const refreshIntervalMs = 30 * 1000;

/** How long an old value is served while Secrets Manager does not answer, in milliseconds. */
export const serveStaleMs = 24 * 60 * 60 * 1000;

/**
 * How long a failure is remembered where there is no value to serve, in milliseconds: whoever asks meanwhile, and that may
 * be anybody who knows an address, costs no call. Short, because the next read may succeed.
 */
export const failureKeptMs = 2 * 1000;

export interface SecretCache<Value> {
  /** The cached value, fetched first when there is none or it has lived its time. Rejects when there is no value, with a failure of up to 2 seconds ago. */
  current(): Promise<CachedSecret<Value>>;
  /** Fetches again, unless that was tried within the last 30 seconds. Rejects when there is no value. */
  refreshed(): Promise<CachedSecret<Value>>;
}

export interface CachedSecret<Value> {
  readonly value: Value;
  /** True when the last try to fetch a newer value failed. There may be one, so what does not fit this one proves nothing. */
  readonly stale: boolean;
}

export interface SecretCacheOptions<Value> {
  /** Rejects when the secret cannot be read. */
  readonly fetch: () => Promise<string>;
  /** Throws when the value makes no sense; the last good value then stays. */
  readonly parse: (text: string) => Value;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Hears about a failed fetch that a cached value covered up. */
  readonly onServedStale?: (cause: unknown) => void;
}

/**
 * Keeps one secret: at most one fetch in flight, an old value served while there is no new one, and a failure remembered
 * for a moment where there is no value at all.
 */
export function createSecretCache<Value>(options: SecretCacheOptions<Value>): SecretCache<Value> {
  const { fetch, parse, now, onServedStale } = options;
  let cached: Known<Value> | undefined;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let inFlight: Promise<Known<Value>> | undefined;

  async function load(): Promise<Known<Value>> {
    attemptedAt = now();
    try {
      const value = parse(await fetch());
      cached = { value, fetchedAt: now(), stale: false };
      return cached;
    } catch (cause) {
      failure = cause;
      if (cached !== undefined) cached = { ...cached, stale: true };
      // A person who empties a secret wants its value gone at once, and not served for another day.
      if (cause instanceof RelayError && cause.code === 'secret-not-set') cached = undefined;
      // Here, and not where it is waited for: hundreds may wait.
      if (usable() !== undefined) onServedStale?.(cause);
      throw cause;
    }
  }

  async function refresh(): Promise<CachedSecret<Value>> {
    inFlight ??= load().finally(() => {
      inFlight = undefined;
    });
    try {
      return serve(await inFlight);
    } catch (cause) {
      const old = usable();
      if (old === undefined) throw cause;
      return serve(old);
    }
  }

  /** Since a time of this clock, which may be set back: then it was long ago, rather than yet to come. */
  const since = (time: number) => (time > now() ? Number.POSITIVE_INFINITY : now() - time);
  const triedWithin = (ms: number) => inFlight === undefined && since(attemptedAt) < ms;
  const usable = () =>
    cached !== undefined && now() - cached.fetchedAt <= serveStaleMs ? cached : undefined;

  async function refreshed(): Promise<CachedSecret<Value>> {
    const old = usable();
    if (old !== undefined) return triedWithin(refreshIntervalMs) ? serve(old) : refresh();
    if (triedWithin(failureKeptMs)) throw failure;
    return refresh();
  }

  return {
    async current() {
      if (cached !== undefined && since(cached.fetchedAt) < timeToLiveMs) return serve(cached);
      return refreshed();
    },
    refreshed,
  };
}

interface Known<Value> extends CachedSecret<Value> {
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
}

const serve = <Value>({ value, stale }: Known<Value>): CachedSecret<Value> => ({ value, stale });
