import type { HttpClient, HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import type { Clock } from '../../../local/clock.ts';
import { markOf } from './marked-messages.ts';

/** What is wrong with Connectly. `unavailable`: 503 without Retry-After; `limiting`: 429 for everything. */
export type Trouble = 'unavailable' | 'refusing-connections' | 'silent' | 'limiting';

export interface VendorScript {
  /** Requests that it takes in each second of the clock; what is too much is answered 429. */
  readonly limitPerSecond: number;
  readonly medianLatencyMs: number;
  /** What is wrong so many milliseconds after the start. */
  readonly troubleAt: (elapsedMs: number) => Trouble | undefined;
  /** Whether a harmless read works even while sends do not. */
  readonly readsAlwaysWork?: boolean;
}

export interface VendorCounts {
  /** Sends; and harmless reads, which are probes. */
  requests: number;
  reads: number;
  /** Sends while something was wrong. */
  inTrouble: number;
  answered429: number;
  /** Accepted, and answered only after the deadline of the request. */
  answeredTooLate: number;
  firstRequestAt: number | undefined;
  lastAcceptedAt: number | undefined;
  /** The most requests that it had to hold at once. */
  mostInFlight: number;
}

export interface ScriptedVendor {
  /** Gives requests up after `deadlineMs`. */
  readonly createHttpClient: (options: { readonly deadlineMs: number }) => HttpClient;
  readonly counts: Readonly<VendorCounts>;
  /** How often it accepted each message. */
  readonly accepted: ReadonlyMap<string, number>;
}

export interface VendorOptions {
  readonly clock: Clock;
  readonly random: () => number;
}

/** The spread of the logarithm of the latency: the slowest of a hundred takes four times the median. */
const latencySigma = 0.6;
const quickAnswerMs = 15;
const errorLatencyMs = 30;
const refusalMs = 2;

/** Connectly as a script, below HTTP: limits counted in fixed seconds, log-normal latency, trouble at given times. */
export function createScriptedVendor(script: VendorScript, { clock, random }: VendorOptions): ScriptedVendor {
  const startedAt = clock.now();
  const accepted = new Map<string, number>();
  const counts: VendorCounts = {
    requests: 0,
    reads: 0,
    inTrouble: 0,
    answered429: 0,
    answeredTooLate: 0,
    firstRequestAt: undefined,
    lastAcceptedAt: undefined,
    mostInFlight: 0,
  };
  let inFlight = 0;
  let second = -1;
  let inSecond = 0;

  const after = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  function latencyMs(): number {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(script.medianLatencyMs * Math.exp(latencySigma * gauss));
  }

  function isOverLimit(): boolean {
    const current = Math.floor(clock.now() / 1_000);
    if (current !== second) inSecond = 0;
    second = current;
    inSecond += 1;
    return inSecond > script.limitPerSecond;
  }

  async function answerIn(trouble: Exclude<Trouble, 'limiting'>, deadlineMs: number): Promise<HttpResult> {
    switch (trouble) {
      case 'silent':
        await after(deadlineMs);
        return noAnswer;
      case 'refusing-connections':
        await after(refusalMs);
        return { kind: 'not-sent', reason: 'ECONNREFUSED' };
      case 'unavailable':
        await after(errorLatencyMs);
        return answered(503);
    }
  }

  async function read(trouble: Trouble | undefined, deadlineMs: number): Promise<HttpResult> {
    counts.reads += 1;
    const isWell = trouble === undefined || trouble === 'limiting' || script.readsAlwaysWork === true;
    if (!isWell) return answerIn(trouble, deadlineMs);
    await after(latencyMs());
    return answered(200, '{"entity":[]}');
  }

  async function send(mark: string, trouble: Trouble | undefined, deadlineMs: number): Promise<HttpResult> {
    counts.requests += 1;
    counts.firstRequestAt ??= clock.now();
    if (trouble !== undefined) counts.inTrouble += 1;
    if (trouble !== undefined && trouble !== 'limiting') return answerIn(trouble, deadlineMs);
    if (isOverLimit() || trouble === 'limiting') {
      counts.answered429 += 1;
      await after(quickAnswerMs);
      return answered(429);
    }
    accepted.set(mark, (accepted.get(mark) ?? 0) + 1);
    const latency = latencyMs();
    await after(Math.min(latency, deadlineMs));
    if (latency >= deadlineMs) {
      counts.answeredTooLate += 1;
      return noAnswer;
    }
    counts.lastAcceptedAt = clock.now();
    return answered(200, '{"id":"V1"}');
  }

  return {
    counts,
    accepted,
    createHttpClient: ({ deadlineMs }) => ({
      async request({ method, body = '' }: HttpRequest) {
        const trouble = script.troubleAt(clock.now() - startedAt);
        if (method === 'GET') return read(trouble, deadlineMs);
        inFlight += 1;
        counts.mostInFlight = Math.max(counts.mostInFlight, inFlight);
        const result = await send(markOf(body), trouble, deadlineMs);
        inFlight -= 1;
        return result;
      },
      closeConnections() {},
    }),
  };
}

const noAnswer: HttpResult = { kind: 'no-answer', reason: 'deadline-passed' };

function answered(status: number, body = ''): HttpResult {
  return { kind: 'answered', status, body, retryAfter: undefined };
}
