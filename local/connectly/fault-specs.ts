import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod/mini';
import { errorCodes } from '../../connectly-events/refusals.ts';
import { isLoopbackHost } from '../loopback.ts';
import { readSpec } from './fields.ts';
import { endpoints } from './routes.ts';

const integer = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));
const milliseconds = z.number().check(z.gte(0));

/** Whoever follows a redirect must end on this machine, whatever it carries. */
const isOnThisMachine = (url: string): boolean => URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
const notOnThisMachine = 'must be a URL on this machine';

/** What a fault is limited to; an absent field matches everything. */
const match = z.strictObject({
  endpoint: z.optional(z.enum(endpoints)),
  /** The customer of a send or a webhook. */
  recipient: z.optional(z.string()),
  businessId: z.optional(z.string()),
  /** Webhook faults only. */
  topic: z.optional(z.string()),
  /** Webhook faults only: a delivery status. */
  status: z.optional(z.string()),
});
export type FaultMatch = z.infer<typeof match>;

/** What every fault has. */
const frame = {
  /** What it is counted under; by default its kind, and for an answer its kind and status. */
  name: z.optional(z.string()),
  /** How often it strikes. */
  times: z.prefault(
    z.union([z.literal('always'), z.int().check(z.gte(1))], 'must be always, or an integer of at least 1'),
    1,
  ),
  /** How many matching requests it lets pass first. */
  skip: z.prefault(z.int().check(z.gte(0)), 0),
  /** The chance that it strikes a matching request, by the server's `random`. */
  probability: z.prefault(z.number().check(z.gte(0), z.lte(1)), 1),
  match: z.prefault(match, {}),
};

type Shape = z.core.$ZodLooseShape;

/** A fault that strikes instead of what was asked for; with `accept`, the request is carried out first. */
function instead<K extends string, S extends Shape>(kind: K, fields: S) {
  return z.strictObject({
    kind: z.literal(kind),
    ...frame,
    accept: z.prefault(z.boolean(), false),
    ...fields,
  });
}

/**
 * A fault that strikes once the request was carried out, a message accepted, unless `accept` says otherwise. It waits for
 * a request that can be accepted: one that is refused anyway gets its refusal.
 */
function afterwards<K extends string, S extends Shape>(kind: K, fields: S) {
  return z.strictObject({
    kind: z.literal(kind),
    ...frame,
    accept: z.prefault(z.boolean(), true),
    ...fields,
  });
}

const headers = z.record(z.string(), z.string()).check((context) => {
  for (const [name, value] of Object.entries(context.value)) {
    const problem = headerProblem(name, value);
    if (problem === undefined) continue;
    context.issues.push({ code: 'custom', path: [name], input: value, message: problem });
  }
});

function headerProblem(name: string, value: string): string | undefined {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    return 'is not a valid header';
  }
  return name.toLowerCase() === 'location' && !isOnThisMachine(value) ? notOnThisMachine : undefined;
}

const isRetryAfter = (value: unknown): boolean =>
  ['number', 'string'].includes(typeof value) && headerProblem('retry-after', String(value)) === undefined;

const faultSpec = z.discriminatedUnion('kind', [
  /** Any answer. `code` alone answers as the vendor does with that code; without `code` and `body` the body is empty. */
  instead('answer', {
    status: z.optional(integer(200, 599)),
    code: z.optional(z.string()),
    /** Text as it is, anything else as JSON. */
    body: z.optional(z.unknown()),
    headers: z.prefault(headers, {}),
    /** Seconds, or a date as HTTP writes it. */
    retryAfter: z.optional(
      z.custom<number | string>(isRetryAfter, 'must be seconds, or a date as HTTP writes it'),
    ),
  }).check(
    z.refine(({ status, code = '' }) => status !== undefined || errorCodes.includes(code), {
      path: ['status'],
      error: "is required without a code of the vendor's list",
    }),
  ),
  /** Waits, then does and answers as usual, even when the caller has gone; with `accept`, does it before it waits. */
  instead('slow', { delayMs: milliseconds }),
  /** Never answers. */
  instead('hang', {}),
  /** Resets the connection without an answer. */
  instead('reset', {}),
  /** Closes the connection in good order without an answer, as a server does that drops an idle connection. */
  instead('close', {}),
  /** Sends the caller elsewhere. */
  instead('redirect', {
    location: z.string().check(z.refine(isOnThisMachine, notOnThisMachine)),
    status: z.prefault(integer(300, 399), 307),
  }),
  /** Status line, headers, half of the body, then a reset. */
  afterwards('reset-mid-body', {}),
  /** Status line and headers, then a byte of the body every `intervalMs`, for ever. */
  afterwards('drip', {
    intervalMs: z.prefault(z.number().check(z.gte(1)), 100),
    part: z.prefault(z.enum(['headers', 'body']), 'body'),
  }),
  /** A body without end, as fast as the caller reads. */
  afterwards('endless', {}),
  /** `{}`: accepted, but which id? */
  afterwards('no-id', {}),
  /** A body that is not JSON. */
  afterwards('garbage', {}),
  /** Announces `extraBytes` more than it sends, which may be negative, then closes in good order. */
  afterwards('wrong-length', { extraBytes: z.prefault(z.int(), 10) }),
  /** No body at all. */
  afterwards('empty', {}),

  /** Delivered `copies` times in all. */
  instead('webhook-duplicate', { copies: z.prefault(integer(2, 100), 2) }),
  /** Held back until the next webhook to the same address is on its way, or for `delayMs`. */
  instead('webhook-reorder', { delayMs: z.prefault(milliseconds, 1000) }),
  /** Never delivered. */
  instead('webhook-drop', {}),
  instead('webhook-delay', { delayMs: milliseconds }),
]);
export type FaultSpec = z.input<typeof faultSpec>;

/** A fault with its defaults filled in. */
export type Fault = z.infer<typeof faultSpec> & { readonly name: string };
/** What goes wrong with a webhook on its way out. */
export type WebhookFault = Extract<Fault, { kind: `webhook-${string}` }>;
/** What goes wrong with a request. */
export type RequestFault = Exclude<Fault, WebhookFault>;

/** Reads a fault from JSON. Throws a `FieldError` that names the field. */
export function readFault(json: unknown): Fault {
  const fault = readSpec(faultSpec, json);
  const name = fault.kind === 'answer' ? `answer ${fault.status ?? fault.code}` : fault.kind;
  return { ...fault, name: fault.name ?? name };
}

export function isWebhookFault(fault: Fault): fault is WebhookFault {
  return fault.kind.startsWith('webhook-');
}

export function isRequestFault(fault: Fault): fault is RequestFault {
  return !isWebhookFault(fault);
}
