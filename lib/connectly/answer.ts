import type { Outcome } from '../delivery/outcome.ts';
import type { HttpResult } from './http.ts';
import { vendorErrors } from './vendor-errors.ts';

/** The parts of an answer's JSON that the relay looks at; its words are never repeated, they may be personal. */
export interface AnswerBody {
  readonly id: string | undefined;
  readonly code: string | undefined;
  readonly traceId: string | undefined;
}

/** How long a number that ran into its limits is left alone between tries, in seconds. */
const reachedLimitsDelaySeconds = 15 * 60;

/** Both forms of an HTTP date that name their zone; the third is as old as the web and does not. */
const httpDate = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -](\d{4}|\d{2}) \d{2}:\d{2}:\d{2} GMT$/;

/** Reads what is known and safe from an answer's body; anything else in it counts as absent. */
export function readAnswerBody(body: string): AnswerBody {
  const json = parseObject(body);
  return {
    id: matching(json['id'], /^[\w-]{1,128}$/),
    code: matching(json['code'], /^ERROR_CODE_[A-Z0-9_]{1,100}$/),
    // Digits beyond 2^53, so a string; as a number it would already be mangled.
    traceId: matching(json['cntTraceId'], /^\d{1,40}$/),
  };
}

/**
 * The outcome of a send, decided by the vendor's code where it says something about the message, then by the status.
 * A 5xx is unclear even with a body: nothing proves that it came before the message was accepted. `now` is in epoch
 * milliseconds, for a Retry-After that is a date.
 */
export function outcomeOf(result: HttpResult, now: number): Outcome {
  if (result.kind === 'not-sent') return { kind: 'not-sent', code: 'connection-failed' };
  if (result.kind === 'no-answer') return { kind: 'unclear', code: 'no-answer' };
  const { status } = result;
  const body = readAnswerBody(result.body);
  const trace = body.traceId === undefined ? {} : { traceId: body.traceId };
  if (status >= 200 && status < 300) return { kind: 'accepted', vendorId: body.id };

  const retryAfterSeconds = readRetryAfter(result.retryAfter, now);
  const retryAfter = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (status === 503 && retryAfterSeconds !== undefined) {
    return { kind: 'not-sent', code: 'connectly-503', ...retryAfter, ...trace };
  }
  if (status < 300 || status >= 500 || status === 408)
    return { kind: 'unclear', code: `connectly-${status}`, ...trace };

  const known =
    body.code !== undefined && Object.hasOwn(vendorErrors, body.code) ? vendorErrors[body.code] : undefined;
  if (known !== undefined && body.code !== undefined) {
    switch (known.disposition) {
      case 'refused':
        return { kind: 'refused', code: body.code, message: `${known.meaning} ${known.remedy}`, ...trace };
      case 'later':
        return { kind: 'not-sent', code: body.code, retryAfterSeconds: reachedLimitsDelaySeconds, ...trace };
      case 'configuration':
        return { kind: 'not-sent', code: body.code, configurationFault: true, ...trace };
    }
  }
  if (status === 429) return { kind: 'not-sent', code: 'connectly-429', ...retryAfter, ...trace };
  if (status < 400 || status === 401 || status === 403 || status === 404) {
    return { kind: 'not-sent', code: `connectly-${status}`, configurationFault: true, ...trace };
  }
  return {
    kind: 'refused',
    code: body.code ?? `connectly-${status}`,
    message: `Connectly answered ${status} without a code that this version knows. Compare the message with its API documentation.`,
    ...trace,
  };
}

/** Retry-After in either form, as seconds from `now`; undefined for anything else. Never negative. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse alone would also take "1.5" or "soon 1", and a 503 with those says nothing about when to come back.
  const date = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}
