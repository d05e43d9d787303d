import type { HttpClient, HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import type { Clock } from '../../../local/clock.ts';
import { indexOf, markOf } from './marked-messages.ts';

/**
 * What is wrong with Connectly, or with one message. `unavailable`: 503 without Retry-After; `limiting`: 429;
 * `forbidding`: 403 from something in between; `refusing-key`: 401.
 */
export type Trouble =
  | 'unavailable'
  | 'refusing-connections'
  | 'silent'
  | 'limiting'
  | 'forbidding'
  | 'refusing-key';

export interface VendorScript {
  /** Requests that it takes in each second of the clock; what is too much is answered 429. */
  readonly limitPerSecond: number;
  readonly medianLatencyMs: number;
  /** What is wrong so many milliseconds after the start. */
  readonly troubleAt: (elapsedMs: number) => Trouble | undefined;
  /** When what was wrong with all is over for good, in milliseconds after the start. */
  readonly wellFromMs?: number;
  /** What is wrong with the message of that number alone, of whomever it is. Reads of its business meet nothing. */
  readonly troubleOf?: (index: number) => Trouble | undefined;
  /** What a harmless read meets: the same as sends unless given, or nothing, or trouble that never ends once it began. */
  readonly reads?: 'work' | 'never-work-again';
  /** Requests that it takes in each second for each sender number. */
  readonly limitPerNumber?: number;
}

export interface VendorCounts {
  /** Sends; and harmless reads, which are probes. */
  requests: number;
  reads: number;
  /** Sends while something was wrong, with all or with the message. */
  inTrouble: number;
  answered429: number;
  /** Accepted, and answered only after the deadline of the request. */
  answeredTooLate: number;
  firstRequestAt: number | undefined;
  lastAcceptedAt: number | undefined;
  /** From when nothing was wrong any more until the first message was accepted, and until the last one was. */
  msUntilFirst: number | undefined;
  msUntilLast: number | undefined;
  /** The most requests that it had to hold at once. */
  mostInFlight: number;
}

export interface ScriptedVendor {
  /** Gives requests up after `deadlineMs`. */
  readonly createHttpClient: (options: { readonly deadlineMs: number }) => HttpClient;
  readonly counts: Readonly<VendorCounts>;
  /** How often it accepted each message. */
  readonly accepted: ReadonlyMap<string, number>;
  /** When it accepted each message for the first time, in milliseconds after the start. */
  readonly acceptedAfterMs: ReadonlyMap<string, number>;
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
  const acceptedAfterMs = new Map<string, number>();
  const counts: VendorCounts = {
    requests: 0,
    reads: 0,
    inTrouble: 0,
    answered429: 0,
    answeredTooLate: 0,
    firstRequestAt: undefined,
    lastAcceptedAt: undefined,
    msUntilFirst: undefined,
    msUntilLast: undefined,
    mostInFlight: 0,
  };
  let inFlight = 0;
  const taken = new Map<string, { second: number; requests: number }>();
  let hadTrouble = false;

  const after = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  function latencyMs(): number {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(script.medianLatencyMs * Math.exp(latencySigma * gauss));
  }

  /** Counts a request of somebody, and says whether it is one too many in its second. */
  function isOver(whose: string, limitPerSecond: number): boolean {
    const second = Math.floor(clock.now() / 1_000);
    const before = taken.get(whose);
    const requests = before?.second === second ? before.requests + 1 : 1;
    taken.set(whose, { second, requests });
    return requests > limitPerSecond;
  }

  function isOverLimit(number: string): boolean {
    const { limitPerSecond, limitPerNumber = Number.POSITIVE_INFINITY } = script;
    return isOver('all', limitPerSecond) || isOver(number, limitPerNumber);
  }

  async function answerIn(trouble: Trouble, deadlineMs: number): Promise<HttpResult> {
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
      case 'limiting':
        counts.answered429 += 1;
        await after(quickAnswerMs);
        return answered(429);
      case 'forbidding':
        await after(quickAnswerMs);
        return answered(403, '<html>blocked</html>');
      case 'refusing-key':
        await after(quickAnswerMs);
        return answered(401);
    }
  }

  /** What is wrong with everybody at the moment. */
  function troubleNow(): Trouble | undefined {
    const trouble = script.troubleAt(clock.now() - startedAt);
    if (trouble !== undefined) hadTrouble = true;
    return trouble;
  }

  async function read(trouble: Trouble | undefined, deadlineMs: number): Promise<HttpResult> {
    counts.reads += 1;
    if (script.reads === 'never-work-again' && hadTrouble) return answerIn('unavailable', deadlineMs);
    if (trouble !== undefined && trouble !== 'limiting' && script.reads !== 'work')
      return answerIn(trouble, deadlineMs);
    await after(latencyMs());
    return answered(200, '{"entity":[]}');
  }

  async function send(body: string, trouble: Trouble | undefined, deadlineMs: number): Promise<HttpResult> {
    const mark = markOf(body);
    const own = script.troubleOf?.(indexOf(mark));
    counts.requests += 1;
    counts.firstRequestAt ??= clock.now();
    if (trouble !== undefined || own !== undefined) counts.inTrouble += 1;
    if (trouble !== undefined) return answerIn(trouble, deadlineMs);
    if (own !== undefined) return answerIn(own, deadlineMs);
    if (isOverLimit(numberIn(body))) return answerIn('limiting', deadlineMs);
    accepted.set(mark, (accepted.get(mark) ?? 0) + 1);
    if (!acceptedAfterMs.has(mark)) acceptedAfterMs.set(mark, clock.now() - startedAt);
    const latency = latencyMs();
    await after(Math.min(latency, deadlineMs));
    if (latency >= deadlineMs) {
      counts.answeredTooLate += 1;
      return noAnswer;
    }
    counts.lastAcceptedAt = clock.now();
    const wellForMs = clock.now() - startedAt - (script.wellFromMs ?? Number.POSITIVE_INFINITY);
    if (wellForMs >= 0) {
      counts.msUntilFirst ??= wellForMs;
      counts.msUntilLast = wellForMs;
    }
    return answered(200, '{"id":"V1"}');
  }

  return {
    counts,
    accepted,
    acceptedAfterMs,
    createHttpClient: ({ deadlineMs }) => ({
      async request({ method, body = '' }: HttpRequest) {
        const trouble = troubleNow();
        if (method === 'GET') return read(trouble, deadlineMs);
        inFlight += 1;
        counts.mostInFlight = Math.max(counts.mostInFlight, inFlight);
        const result = await send(body, trouble, deadlineMs);
        inFlight -= 1;
        return result;
      },
    }),
  };
}

const noAnswer: HttpResult = { kind: 'no-answer', reason: 'deadline-passed' };

function answered(status: number, body = ''): HttpResult {
  return { kind: 'answered', status, body, retryAfter: undefined };
}

/** The sender number that a request names. */
function numberIn(body: string): string {
  return /"sender":\{"id":"([^"]+)"/.exec(body)?.[1] ?? '';
}
