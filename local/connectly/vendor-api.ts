import type { IncomingMessage } from 'node:http';
import { errorBody, Refusal } from '../../connectly-events/refusals.ts';
import { type Exchange, jsonAnswer, type Result, sendAnswer, sendSpoiled, type Verdict } from './answers.ts';
import type { FaultBook } from './fault-book.ts';
import { strike } from './fault-strikes.ts';
import type { RequestOutcome, RequestRecord } from './journal.ts';
import { checkOperation, type Done, type Operation, type OperationParts, recipientOf } from './operations.ts';
import type { RateLimit } from './rate-limit.ts';
import { parseJson, readRequestBody } from './request-body.ts';
import { findRoute, type Route } from './routes.ts';

/** The limit is ours: queue messages, which requests are made of, have 256 KiB at most. */
const maxBodyBytes = 1024 * 1024;
const maskedKey = '***';

export interface VendorParts extends OperationParts {
  readonly random: () => number;
  readonly faults: FaultBook;
  readonly rateLimit: RateLimit;
  /** The key that a business has; undefined when the business is not known. */
  readonly apiKeyOf: (businessId: string) => string | undefined;
  readonly log: (line: string) => void;
}

/** Serves one request to the vendor's API: key, rate, faults, rules, answer. Exactly one record comes of it. */
export async function serveVendorRequest(exchange: Exchange, parts: VendorParts): Promise<void> {
  const { request } = exchange;
  const method = request.method ?? '';
  const path = request.url ?? '';
  const route = findRoute(method, path);
  const bytes = await readRequestBody(request, maxBodyBytes);
  const parsed = bytes === undefined ? undefined : parseJson(bytes);
  const record: Omit<RequestRecord, 'outcome'> = {
    number: parts.journal.nextNumber(),
    receivedAt: parts.clock.now(),
    endpoint: route?.endpoint ?? 'unknown',
    businessId: route?.businessId ?? null,
    recipient: route === undefined ? null : recipientOf(route, parsed?.json),
    method,
    path,
    headers: maskHeaders(request),
    body: parsed?.json ?? null,
    rawBody: bytes?.toString() ?? '',
  };
  const finish = (outcome: RequestOutcome): void => {
    parts.journal.finished({ ...record, outcome });
    parts.log(
      `${method} ${record.endpoint} ${outcome.status ?? 'no answer'} ${outcome.code ?? ''}`.trimEnd(),
    );
  };

  const early = route === undefined ? notFound() : admit(route, { request, bytes, parts });
  if (route === undefined || early !== undefined) {
    const { answer, code } = early instanceof Refusal ? refused(early, parts) : (early ?? tooMany());
    finish({ status: answer.status, code, accepted: false, messageId: null, fault: null });
    sendAnswer(exchange, answer);
    return;
  }

  const attempt = (): Operation | Refusal => tryCheck(route, { request, parsed, record, parts });
  const carryOut = (operation: Operation | Refusal): Result => {
    if (operation instanceof Refusal)
      return { ...refused(operation, parts), accepted: false, messageId: null };
    return { ...success(operation.perform()), accepted: true };
  };
  const first = attempt();
  const fault = parts.faults.takeForRequest({
    endpoint: route.endpoint,
    businessId: route.businessId,
    ...(record.recipient === null ? {} : { recipient: record.recipient }),
    acceptable: !(first instanceof Refusal),
  });
  if (fault === undefined) {
    const { answer, code, accepted, messageId } = carryOut(first);
    finish({ status: answer.status, code, accepted, messageId, fault: null });
    sendAnswer(exchange, answer);
    return;
  }
  strike(fault, {
    clock: parts.clock,
    carryOut: () => carryOut(attempt()),
    refuse: (refusal) => refused(refusal, parts),
    conclude: ({ outcome, answer, spoiling }) => {
      parts.journal.injected(fault.name, outcome.accepted);
      finish(outcome);
      if (spoiling === undefined) sendAnswer(exchange, answer);
      else sendSpoiled(exchange, answer, spoiling);
    },
  });
}

function maskHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] =
      name === 'x-api-key' ? maskedKey : Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}

function notFound(): Refusal {
  return new Refusal('ERROR_CODE_UNSPECIFIED', {
    status: 404,
    type: 'ERROR_TYPE_INVALID_REQUEST',
    message: 'There is nothing at this path with this method',
  });
}

/** The checks that come before the request is looked at. Undefined lets it in. */
function admit(
  route: Route,
  { request, bytes, parts }: { request: IncomingMessage; bytes: Buffer | undefined; parts: VendorParts },
): Refusal | Verdict | undefined {
  const unspecified = 'ERROR_CODE_UNSPECIFIED';
  const expected = parts.apiKeyOf(route.businessId);
  if (expected === undefined) {
    // What the vendor answers for somebody else's business is not documented: 403 is our choice.
    const message = 'The key is not for this business';
    return new Refusal(unspecified, { status: 403, type: 'ERROR_TYPE_AUTHENTICATION', message });
  }
  if (request.headers['x-api-key'] !== expected) {
    const message = 'The API key is missing or not valid';
    return new Refusal(unspecified, { status: 401, type: 'ERROR_TYPE_AUTHENTICATION', message });
  }
  if (bytes === undefined) {
    return new Refusal(unspecified, { status: 413, type: 'ERROR_TYPE_INVALID_REQUEST', message: 'Too long' });
  }
  const isSend = route.endpoint.startsWith('send/');
  return isSend && !parts.rateLimit.admit(parts.settings().requestsPerSecond) ? tooMany() : undefined;
}

/** Plain text and no `Retry-After`: neither is documented for a 429, and a gateway in front answers like this. */
function tooMany(): Verdict {
  return {
    answer: { status: 429, headers: { 'content-type': 'text/plain' }, body: 'Too many requests\n' },
    code: null,
  };
}

interface Checked {
  readonly request: IncomingMessage;
  readonly parsed: { readonly json: unknown } | undefined;
  readonly record: Omit<RequestRecord, 'outcome'>;
  readonly parts: VendorParts;
}

function tryCheck(route: Route, { request, parsed, record, parts }: Checked): Operation | Refusal {
  const hasBody = request.method === 'POST' || request.method === 'PUT';
  if (hasBody && !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return Refusal.malformed('content-type: must be application/json');
  }
  if (hasBody && parsed === undefined) return Refusal.malformed('body: must be JSON in UTF-8');
  try {
    return checkOperation(route, record, parts);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function refused(refusal: Refusal, parts: VendorParts): Verdict {
  return { answer: jsonAnswer(refusal.status, errorBody(refusal, parts.random)), code: refusal.code };
}

function success({ status, json, messageId }: Done): Verdict & { messageId: string | null } {
  return { answer: jsonAnswer(status, json), code: null, messageId };
}
