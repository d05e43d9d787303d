import type { Outcome } from '../delivery/outcome.ts';
import { isObject, parseJson } from '../message/json.ts';
import type { HttpResult } from './http.ts';
import { type VendorError, vendorErrors } from './vendor-errors.ts';

/** The parts of an answer's JSON that the relay looks at; its words are never repeated, they may be personal. */
export interface AnswerBody {
  readonly id: string | undefined;
  readonly code: string | undefined;
  readonly traceId: string | undefined;
  readonly type: string | undefined;
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
    type: matching(json['type'], /^ERROR_TYPE_[A-Z0-9_]{1,100}$/),
  };
}

/**
 * 4xx that say something about the message itself: malformed, in conflict, too large, not to be processed. With a code
 * that this version does not know, too: it is in Connectly's list, which may grow.
 */
const aboutMessage = new Set([400, 409, 413, 422]);

/** 4xx about who asks and where, whatever code comes with them: every other message would meet the same. */
const aboutCaller = new Set([401, 402, 403, 404, 407]);

/** 4xx that turn a request away before anybody has looked at it: too early, too many. */
const turnedAway = new Set([425, 429]);

/**
 * The outcome of a request, decided by the vendor's code where it says something about the message, then by the status.
 * A 5xx is unclear even with a body: nothing proves that it came before the message was accepted. `now` is in epoch
 * milliseconds, for a Retry-After that is a date.
 */
export function outcomeOf(result: HttpResult, now: number): Outcome {
  if (result.kind === 'not-sent')
    return { kind: 'not-sent', code: 'connection-failed', fault: result.reason };
  if (result.kind === 'no-answer') return { kind: 'unclear', code: 'no-answer', fault: result.reason };
  const { status } = result;
  const body = readAnswerBody(result.body);
  if (status >= 200 && status < 300) return { kind: 'accepted', vendorId: body.id, status };

  const underneath = { status, ...(body.traceId !== undefined && { traceId: body.traceId }) };
  const retryAfterSeconds = readRetryAfter(result.retryAfter, now);
  const turnedBack = {
    kind: 'not-sent',
    code: `connectly-${status}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...underneath,
  } as const;
  if (status === 503 && retryAfterSeconds !== undefined) return turnedBack;
  if (status < 300 || isUnclear(status))
    return { kind: 'unclear', code: `connectly-${status}`, ...underneath };

  const known = knownError(body.code);
  switch (known?.disposition) {
    case 'refused':
      return {
        kind: 'refused',
        code: known.code,
        message: `${known.meaning} ${known.remedy}`,
        ...underneath,
      };
    case 'later': {
      const delay = { retryAfterSeconds: reachedLimitsDelaySeconds };
      return { kind: 'not-sent', code: known.code, ...delay, ...underneath };
    }
    case 'configuration':
      return { kind: 'not-sent', code: known.code, configurationFault: 'business', ...underneath };
    case undefined:
  }
  if (turnedAway.has(status)) return turnedBack;
  if (isConfigurationFault(status, body))
    return { kind: 'not-sent', code: `connectly-${status}`, configurationFault: 'business', ...underneath };
  return {
    kind: 'refused',
    code: body.code ?? `connectly-${status}`,
    message: `Connectly answered ${status} without a code that this version knows. Compare the message with its API documentation.`,
    ...underneath,
  };
}

/** Nothing proves that these came before the message was accepted, whatever they say. */
function isUnclear(status: number): boolean {
  return status >= 500 || status === 408;
}

/** Whether another key might have fared better. */
export function isKeyRefused(result: HttpResult): boolean {
  if (result.kind !== 'answered' || result.status < 300 || isUnclear(result.status)) return false;
  return result.status === 401 || blamesKey(readAnswerBody(result.body));
}

/** `ERROR_TYPE_AUTHENTICATION` and what may stand beside it in a list of types that Connectly does not publish. */
function blamesKey({ type }: AnswerBody): boolean {
  return type !== undefined && /^ERROR_TYPE_(UN)?(AUTH|PERMISSION)/.test(type);
}

/** Of an answer below 500 whose code says nothing about the message. */
function isConfigurationFault(status: number, body: AnswerBody): boolean {
  if (status < 400 || blamesKey(body) || aboutCaller.has(status)) return true;
  // What is left comes from something between us and Connectly (405, 410, 421, 426, 451), unless it has Connectly's code.
  return !aboutMessage.has(status) && (body.code === undefined || body.code === 'ERROR_CODE_UNSPECIFIED');
}

/** By a code that has the form of one: no property that every object has is named like it. */
function knownError(code: string | undefined): (VendorError & { readonly code: string }) | undefined {
  if (code === undefined) return undefined;
  const known = vendorErrors[code];
  return known && { ...known, code };
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
  const json = parseJson(body);
  return isObject(json) ? json : {};
}
