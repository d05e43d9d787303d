import type { Outcome } from '../delivery/outcome.ts';
import { isObject, parseJson } from '../message/json.ts';
import type { HttpResult } from './http.ts';
import { type VendorError, vendorErrors } from './vendor-errors.ts';

/** The parts of an answer's JSON that the relay looks at; its words are never repeated, they may be personal. */
export interface AnswerBody {
  readonly isObject: boolean;
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
  const parsed = parseJson(body);
  const isJsonObject = isObject(parsed);
  const json: Record<string, unknown> = isJsonObject ? parsed : {};
  return {
    isObject: isJsonObject,
    id: matching(json['id'], /^[\w-]{1,128}$/),
    code: matching(json['code'], /^ERROR_CODE_[A-Z0-9_]{1,100}$/),
    // Digits beyond 2^53, so a string; as a number it would already be mangled.
    traceId: matching(json['cntTraceId'], /^\d{1,40}$/),
    type: matching(json['type'], /^ERROR_TYPE_[A-Z0-9_]{1,100}$/),
  };
}

/** What an answer means. */
type Disposition =
  | 'accepted'
  /** What Connectly's codes mean. */
  | VendorError['disposition']
  /** About who asks, or about this one message: the answer does not say. */
  | 'turned-down'
  /** Before anybody has looked at it: too early, too many. */
  | 'turned-away'
  /** Nothing proves that it came before the message was accepted, whatever it says. */
  | 'unclear';

/** By status, where no code of Connectly's says more. */
const byStatus: Readonly<Record<number, Disposition>> = {
  400: 'refused',
  401: 'configuration',
  402: 'turned-down',
  403: 'turned-down',
  404: 'turned-down',
  407: 'turned-down',
  409: 'refused',
  413: 'refused',
  422: 'refused',
  425: 'turned-away',
  429: 'turned-away',
};

/** Codes first, then the status. */
function dispositionOf(status: number, body: AnswerBody, retryAfterSeconds: number | undefined): Disposition {
  if (status === 503 && retryAfterSeconds !== undefined) return 'turned-away';
  if (status < 200 || status >= 500 || status === 408) return 'unclear';
  if (status < 300) {
    // A code that nobody knows may say as little about the message as ERROR_CODE_UNSPECIFIED.
    if (body.code !== undefined && body.id === undefined)
      return knownError(body.code)?.disposition ?? 'unclear';
    // A page that a proxy shows says nothing about the message.
    return body.isObject ? 'accepted' : 'unclear';
  }
  const known = knownError(body.code);
  if (known !== undefined) return known.disposition;
  // A right may be missing for this message alone. Were it its business's, one of them would hold all others up for hours.
  if (blamesKey(body) && status !== 401)
    return /AUTHENTICAT/.test(body.type ?? '') ? 'configuration' : 'turned-down';
  // A redirect is never followed.
  if (status < 400) return 'turned-down';
  // What is left comes from something between us and Connectly (405, 410, 421, 426, 451), unless it has Connectly's code.
  const isCoded = body.code !== undefined && body.code !== 'ERROR_CODE_UNSPECIFIED';
  return byStatus[status] ?? (isCoded ? 'refused' : 'turned-down');
}

/** The outcome of a request. `now` is in epoch milliseconds, for a Retry-After that is a date. */
export function outcomeOf(result: HttpResult, now: number): Outcome {
  if (result.kind === 'not-sent')
    return { kind: 'not-sent', code: 'connection-failed', fault: result.reason };
  if (result.kind === 'no-answer') return { kind: 'unclear', code: 'no-answer', fault: result.reason };
  const { status } = result;
  const body = readAnswerBody(result.body);
  const retryAfterSeconds = readRetryAfter(result.retryAfter, now);
  const known = knownError(body.code);
  const code = `connectly-${status}`;
  const underneath = { status, ...(body.traceId !== undefined && { traceId: body.traceId }) };

  switch (dispositionOf(status, body, retryAfterSeconds)) {
    case 'accepted':
      return { kind: 'accepted', vendorId: body.id, status };
    case 'refused':
      return {
        kind: 'refused',
        code: body.code ?? code,
        message: known === undefined ? unknownRefusal(status) : `${known.meaning} ${known.remedy}`,
        ...underneath,
      };
    case 'later':
      return {
        kind: 'not-sent',
        code: body.code ?? code,
        retryAfterSeconds: reachedLimitsDelaySeconds,
        ...underneath,
      };
    case 'configuration':
      return { kind: 'not-sent', code: known?.code ?? code, configurationFault: 'business', ...underneath };
    case 'turned-down':
      return { kind: 'not-sent', code, configurationFault: 'request', ...underneath };
    case 'turned-away':
      return {
        kind: 'not-sent',
        code,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        ...underneath,
      };
    case 'unclear':
      return { kind: 'unclear', code, ...underneath };
  }
}

function unknownRefusal(status: number): string {
  return `Connectly answered ${status} without a code that this version knows. Compare the message with its API documentation.`;
}

/** Whether another key might have fared better. */
export function isKeyRefused(result: HttpResult): boolean {
  if (result.kind !== 'answered' || result.status < 300 || result.status >= 500) return false;
  return result.status === 401 || (result.status !== 408 && blamesKey(readAnswerBody(result.body)));
}

/** `ERROR_TYPE_AUTHENTICATION` and what may stand beside it in a list of types that Connectly does not publish. */
function blamesKey({ type }: AnswerBody): boolean {
  return type !== undefined && /^ERROR_TYPE_(UN)?(AUTH|PERMISSION)/.test(type);
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
