import type { HttpResult } from '../../../lib/connectly/http.ts';
import { requestDeadlineMs } from '../../../lib/delivery/time.ts';
import type { Clock } from '../../../local/clock.ts';

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
  requests: number;
  reads: number;
  accepted: number;
  /** How many messages were accepted more than once. */
  duplicates: number;
  answered429: number;
  /** Accepted, and answered only after the deadline of the request. */
  answeredTooLate: number;
  firstRequestAt: number | undefined;
  lastAcceptedAt: number | undefined;
  /** The most requests that it had to hold at once. */
  mostInFlight: number;
}

export interface ScriptedVendor {
  readonly counts: Readonly<VendorCounts>;
  hasAccepted(messageId: string): boolean;
  send(messageId: string): Promise<HttpResult>;
  read(): Promise<boolean>;
}

/** The spread of the logarithm of the latency: the slowest of a hundred takes four times the median. */
const latencySigma = 0.6;
const quickAnswerMs = 15;
const errorLatencyMs = 30;
const refusalMs = 2;

/** Connectly as a script: limits counted in fixed seconds, log-normal latency, trouble at given times. */
export function createScriptedVendor(
  script: VendorScript,
  clock: Clock,
  random: () => number,
): ScriptedVendor {
  const startedAt = clock.now();
  const accepted = new Set<string>();
  const counts: VendorCounts = {
    requests: 0,
    reads: 0,
    accepted: 0,
    duplicates: 0,
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

  async function answer(messageId: string): Promise<HttpResult> {
    const trouble = script.troubleAt(clock.now() - startedAt);
    switch (trouble) {
      case 'silent':
        await after(requestDeadlineMs);
        return { kind: 'no-answer', reason: 'deadline-passed' };
      case 'refusing-connections':
        await after(refusalMs);
        return { kind: 'not-sent', reason: 'ECONNREFUSED' };
      case 'unavailable':
        await after(errorLatencyMs);
        return { kind: 'answered', status: 503, body: '', retryAfter: undefined };
      case 'limiting':
      case undefined:
    }
    if (isOverLimit() || trouble === 'limiting') {
      counts.answered429 += 1;
      await after(quickAnswerMs);
      return { kind: 'answered', status: 429, body: '', retryAfter: undefined };
    }
    if (accepted.has(messageId)) counts.duplicates += 1;
    accepted.add(messageId);
    counts.accepted = accepted.size;
    const latency = latencyMs();
    await after(Math.min(latency, requestDeadlineMs));
    if (latency >= requestDeadlineMs) {
      counts.answeredTooLate += 1;
      return { kind: 'no-answer', reason: 'deadline-passed' };
    }
    counts.lastAcceptedAt = clock.now();
    return { kind: 'answered', status: 200, body: '{"id":"V1"}', retryAfter: undefined };
  }

  return {
    counts,
    hasAccepted: (messageId) => accepted.has(messageId),
    async send(messageId) {
      counts.requests += 1;
      counts.firstRequestAt ??= clock.now();
      inFlight += 1;
      counts.mostInFlight = Math.max(counts.mostInFlight, inFlight);
      const result = await answer(messageId);
      inFlight -= 1;
      return result;
    },
    async read() {
      counts.reads += 1;
      const trouble = script.troubleAt(clock.now() - startedAt);
      if (trouble === undefined || trouble === 'limiting' || script.readsAlwaysWork === true) {
        await after(latencyMs());
        return true;
      }
      await after(trouble === 'silent' ? requestDeadlineMs : errorLatencyMs);
      return false;
    },
  };
}
