import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isLoopbackHost } from '../loopback.ts';
import { FieldReader } from './fields.ts';
import { errorCodes } from './refusals.ts';
import { type Endpoint, endpoints } from './wire.ts';

/** What a fault is limited to; an absent field matches everything. `recipient` is the customer of a send or a webhook. */
export interface FaultMatch {
  readonly endpoint?: Endpoint;
  readonly recipient?: string;
  readonly businessId?: string;
  /** Webhook faults only. */
  readonly topic?: string;
  /** Webhook faults only: a delivery status. */
  readonly status?: string;
}

/** What every fault has. */
export interface FaultFrame {
  /** What it is counted under; by default its kind, and for an answer its kind and status. */
  readonly name?: string;
  /** How often it strikes. 1 by default. */
  readonly times?: number | 'always';
  /** How many matching requests it lets pass first. 0 by default. */
  readonly skip?: number;
  /** The chance that it strikes a matching request, by the server's `random`. 1 by default. */
  readonly probability?: number;
  readonly match?: FaultMatch;
  /**
   * Whether the request is carried out, a message accepted, before the fault strikes. A fault that accepts first waits
   * for a request that can be accepted: one that is refused anyway gets its refusal.
   */
  readonly accept?: boolean;
}

/** What goes wrong with a request. `accept` is false by default in the first group, true in the second. */
export type RequestFault =
  /** Any answer. `code` alone answers as the vendor does with that code; without `code` and `body` the body is empty. */
  | {
      readonly kind: 'answer';
      readonly status?: number;
      readonly code?: string;
      /** Text as it is, anything else as JSON. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** Seconds, or a date as HTTP writes it. */
      readonly retryAfter?: number | string;
    }
  /** Waits, then does and answers as usual, even when the caller has gone; with `accept`, does it before it waits. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Resets the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Closes the connection in good order without an answer, as a server does that drops an idle connection. */
  | { readonly kind: 'close' }
  /** Sends the caller elsewhere: on this machine only. 307 by default. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  // From here on the request is carried out first, unless `accept` says otherwise.
  /** Status line, headers, half of the body, then a reset. */
  | { readonly kind: 'reset-mid-body' }
  /** Status line and headers, then a byte of the body every `intervalMs` (100 by default), for ever. */
  | { readonly kind: 'drip'; readonly intervalMs?: number; readonly part?: 'headers' | 'body' }
  /** A body without end, as fast as the caller reads. */
  | { readonly kind: 'endless' }
  /** `{}`: accepted, but which id? */
  | { readonly kind: 'no-id' }
  /** A body that is not JSON. */
  | { readonly kind: 'garbage' }
  /** Announces `extraBytes` (10 by default, may be negative) more than it sends, then closes in good order. */
  | { readonly kind: 'wrong-length'; readonly extraBytes?: number }
  /** No body at all. */
  | { readonly kind: 'empty' };

/** What goes wrong with a webhook on its way out. */
export type WebhookFault =
  /** Delivered `copies` times in all; 2 by default. */
  | { readonly kind: 'webhook-duplicate'; readonly copies?: number }
  /** Held back until the next webhook to the same address is on its way, or for `delayMs` (1,000 by default). */
  | { readonly kind: 'webhook-reorder'; readonly delayMs?: number }
  /** Never delivered. */
  | { readonly kind: 'webhook-drop' }
  | { readonly kind: 'webhook-delay'; readonly delayMs: number };

export type FaultSpec = FaultFrame & (RequestFault | WebhookFault);

/** A fault with its defaults filled in. */
export interface ArmedFault<F = RequestFault | WebhookFault> {
  readonly name: string;
  readonly times: number;
  readonly skip: number;
  readonly probability: number;
  readonly match: FaultMatch;
  readonly accept: boolean;
  readonly fault: F;
}

const requestKinds = [
  'answer',
  'slow',
  'hang',
  'reset',
  'close',
  'redirect',
  'reset-mid-body',
  'drip',
  'endless',
  'no-id',
  'garbage',
  'wrong-length',
  'empty',
] as const;
const webhookKinds = ['webhook-duplicate', 'webhook-reorder', 'webhook-drop', 'webhook-delay'] as const;
const acceptingKinds: ReadonlySet<string> = new Set(
  requestKinds.slice(requestKinds.indexOf('reset-mid-body')),
);
const frameFields = ['kind', 'name', 'times', 'skip', 'probability', 'match', 'accept'] as const;

/** Reads a fault from JSON. Throws a `FieldError` that names the field. */
export function readFaultSpec(json: unknown): ArmedFault {
  const spec = new FieldReader(json);
  const kind = spec.oneOf('kind', [...requestKinds, ...webhookKinds]) ?? spec.fail('kind', 'is required');
  const fault = readFault(kind, spec);
  const times = spec.get('times') === 'always' ? Infinity : spec.number('times', { min: 1, integer: true });
  return {
    name: spec.string('name') ?? defaultName(fault),
    times: times ?? 1,
    skip: spec.number('skip', { min: 0, integer: true }) ?? 0,
    probability: spec.number('probability', { min: 0, max: 1 }) ?? 1,
    match: readMatch(spec),
    accept: spec.boolean('accept') ?? acceptingKinds.has(kind),
    fault,
  };
}

export function isRequestFault(armed: ArmedFault): armed is ArmedFault<RequestFault> {
  return !isWebhookFault(armed);
}

export function isWebhookFault(armed: ArmedFault): armed is ArmedFault<WebhookFault> {
  return webhookKinds.some((kind) => kind === armed.fault.kind);
}

type Kind = (typeof requestKinds)[number] | (typeof webhookKinds)[number];

function readFault(kind: Kind, spec: FieldReader): RequestFault | WebhookFault {
  const delayMs = (): number => spec.number('delayMs', { min: 0 }) ?? spec.fail('delayMs', 'is required');
  const allow = (...fields: string[]): void => spec.refuseOthers([...frameFields, ...fields]);
  switch (kind) {
    case 'answer':
      allow('status', 'code', 'body', 'headers', 'retryAfter');
      return readAnswer(spec);
    case 'slow':
    case 'webhook-delay':
      allow('delayMs');
      return { kind, delayMs: delayMs() };
    case 'redirect':
      allow('location', 'status');
      return {
        kind,
        location: readLocation(spec),
        status: spec.number('status', { min: 300, max: 399, integer: true }) ?? 307,
      };
    case 'drip':
      allow('intervalMs', 'part');
      return {
        kind,
        intervalMs: spec.number('intervalMs', { min: 1 }) ?? 100,
        part: spec.oneOf('part', ['headers', 'body']) ?? 'body',
      };
    case 'wrong-length':
      allow('extraBytes');
      return { kind, extraBytes: spec.number('extraBytes', { integer: true }) ?? 10 };
    case 'webhook-duplicate':
      allow('copies');
      return { kind, copies: spec.number('copies', { min: 2, max: 100, integer: true }) ?? 2 };
    case 'webhook-reorder':
      allow('delayMs');
      return { kind, delayMs: spec.number('delayMs', { min: 0 }) ?? 1000 };
    case 'hang':
    case 'reset':
    case 'close':
    case 'reset-mid-body':
    case 'endless':
    case 'no-id':
    case 'garbage':
    case 'empty':
    case 'webhook-drop':
      allow();
      return { kind };
  }
}

function readAnswer(spec: FieldReader): RequestFault {
  const status = spec.number('status', { min: 200, max: 599, integer: true });
  const code = spec.string('code');
  if (status === undefined && code === undefined) spec.fail('status', 'is required without a code');
  if (status === undefined && code !== undefined && !errorCodes.includes(code)) {
    spec.fail('status', `is required: ${code} is not on the vendor's list`);
  }
  const body = spec.get('body');
  const retryAfter = readRetryAfter(spec);
  return {
    kind: 'answer',
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(body === undefined ? {} : { body }),
    headers: {
      ...readHeaders(spec),
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
  };
}

function readRetryAfter(spec: FieldReader): string | undefined {
  const value = spec.get('retryAfter');
  if (value === undefined) return undefined;
  const text = typeof value === 'number' ? String(value) : (spec.string('retryAfter') ?? '');
  checkHeader(spec, 'retryAfter', { name: 'retry-after', value: text });
  return text;
}

function readHeaders(spec: FieldReader): Record<string, string> {
  const headers: Record<string, string> = {};
  const given = spec.object('headers');
  for (const name of Object.keys(given?.raw() ?? {})) {
    const value = given?.string(name) ?? '';
    checkHeader(spec, `headers.${name}`, { name, value });
    if (name.toLowerCase() === 'location') checkLocation(spec, `headers.${name}`, value);
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

function checkHeader(spec: FieldReader, field: string, header: { name: string; value: string }): void {
  try {
    validateHeaderName(header.name);
    validateHeaderValue(header.name, header.value);
  } catch {
    spec.fail(field, 'is not a valid header');
  }
}

function readLocation(spec: FieldReader): string {
  const location = spec.requiredString('location');
  checkLocation(spec, 'location', location);
  return location;
}

/** Whoever follows a redirect must end on this machine, whatever it carries. */
function checkLocation(spec: FieldReader, field: string, location: string): void {
  const ok = URL.canParse(location) && isLoopbackHost(new URL(location).hostname);
  if (!ok) spec.fail(field, 'must be a URL on this machine');
}

function readMatch(spec: FieldReader): FaultMatch {
  const match = spec.object('match');
  match?.refuseOthers(['endpoint', 'recipient', 'businessId', 'topic', 'status']);
  const endpoint = match?.oneOf('endpoint', endpoints);
  const recipient = match?.string('recipient');
  const businessId = match?.string('businessId');
  const topic = match?.string('topic');
  const status = match?.string('status');
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(businessId === undefined ? {} : { businessId }),
    ...(topic === undefined ? {} : { topic }),
    ...(status === undefined ? {} : { status }),
  };
}

function defaultName(fault: RequestFault | WebhookFault): string {
  return fault.kind === 'answer' ? `answer ${fault.status ?? fault.code}` : fault.kind;
}
