// Receivers with one defect each, all seen in real projects. A fuzz run that does not fail on every one of them could
// not be believed when it passes.

import { type QueuedEvent, toQueuedEvent } from '../../../lib/webhook/event.ts';
import { bodyBytes, type WebhookRequest } from '../../../lib/webhook/request.ts';
import { readSignature, sign, verify } from '../../../lib/webhook/signature.ts';
import type { CreateReceiver, ReceiverPorts } from './receiver.ts';

interface Parts {
  readonly readBody: (request: WebhookRequest) => Buffer;
  readonly readSignature: (headers: Headers) => Buffer | undefined | 'let-in';
  readonly verify: (body: Buffer, signature: Buffer, secrets: readonly string[]) => boolean;
  readonly toEvent: (bytes: Buffer, receivedAt: number) => QueuedEvent | undefined;
  /** A status answered before anything is verified. */
  readonly before: (bytes: Buffer) => number | undefined;
}

type Headers = Readonly<Record<string, string | null | undefined>>;

/** The use case once more, in parts that can be replaced. */
function assembleReceiver(defect: Partial<Parts>): CreateReceiver {
  const parts: Parts = {
    readBody: bodyBytes,
    readSignature,
    verify,
    toEvent: toQueuedEvent,
    before: () => undefined,
    ...defect,
  };
  return ({ secrets, events, now }: ReceiverPorts) => ({
    async receive(request: WebhookRequest) {
      const bytes = parts.readBody(request);
      if (bytes.length > 512 * 1024) return { status: 413 };
      const early = parts.before(bytes);
      if (early !== undefined) return { status: early };
      const signature = parts.readSignature(request.headers ?? {});
      if (signature === undefined) return { status: 401 };
      const isValid =
        signature === 'let-in' || parts.verify(bytes, signature, (await secrets.current()).value);
      if (!isValid) return { status: 401 };
      const event = parts.toEvent(bytes, now());
      if (event !== undefined) await events.publish(event);
      return { status: 200 };
    },
  });
}

/** The control: with no part replaced it is as good as the use case. */
export const unbrokenReceiver: CreateReceiver = assembleReceiver({});

export const brokenReceivers: Readonly<Record<string, CreateReceiver>> = {
  'parses before it verifies': assembleReceiver({ before: (bytes) => (isJson(bytes) ? undefined : 400) }),
  'compares only the beginning of a signature': assembleReceiver({
    verify: (body, signature, secrets) =>
      secrets.some((secret) => sign(body, secret).slice(0, 11) === signature.toString('base64').slice(0, 11)),
  }),
  'verifies with the first secret only': assembleReceiver({
    verify: (body, signature, secrets) => verify(body, signature, secrets.slice(0, 1)),
  }),
  'lets a request without a signature in': assembleReceiver({
    readSignature: (headers) => (headerOf(headers) === undefined ? 'let-in' : readSignature(headers)),
  }),
  'trims the signature': assembleReceiver({
    readSignature: (headers) => readSignature(mapValues(headers, (value) => value.trim())),
  }),
  'takes the first of two signature headers': assembleReceiver({
    readSignature: (headers) =>
      readSignature({ 'x-connectly-hmac-sha256': headerOf(headers)?.split(',')[0] }),
  }),
  'decodes a signature without looking at its form': assembleReceiver({
    readSignature: (headers) => {
      const value = headerOf(headers);
      return value === undefined ? undefined : Buffer.from(value, 'base64');
    },
  }),
  'looks for the header in lower case only': assembleReceiver({
    readSignature: (headers) =>
      readSignature({ 'x-connectly-hmac-sha256': headers['x-connectly-hmac-sha256'] }),
  }),
  'ignores the base64 flag': assembleReceiver({
    readBody: ({ body }) => bodyBytes({ body: body ?? null, isBase64Encoded: false }),
  }),
  'decodes the body as text before it hashes': assembleReceiver({
    readBody: (request) => Buffer.from(new TextDecoder().decode(bodyBytes(request))),
  }),
  'crashes whatever comes': assembleReceiver({
    readBody: () => {
      throw new Error('broken');
    },
  }),
  'crashes on a null body': assembleReceiver({
    readBody: ({ body, isBase64Encoded }) => {
      if (body === null) throw new TypeError('body is null');
      return bodyBytes({ ...(body !== undefined && { body }), isBase64Encoded: isBase64Encoded === true });
    },
  }),
  're-serialises the vendor’s JSON': assembleReceiver({
    toEvent: (bytes, receivedAt) => toQueuedEvent(reserialise(bytes), receivedAt),
  }),
  'does not escape what SQS refuses': assembleReceiver({
    toEvent: (bytes, receivedAt) => {
      const event = toQueuedEvent(bytes, receivedAt);
      const body = event.body.replaceAll('\\ufffe', '\ufffe').replaceAll('\\uffff', '\uffff');
      return event.parsed ? { ...event, body } : event;
    },
  }),
  'drops what is not JSON': assembleReceiver({
    toEvent: (bytes, receivedAt) => (isJson(bytes) ? toQueuedEvent(bytes, receivedAt) : undefined),
  }),
  'makes a new id for every copy': assembleReceiver({
    toEvent: (bytes, receivedAt) => {
      const event = toQueuedEvent(bytes, receivedAt);
      const id = `event-${receivedAt}`;
      return { ...event, id, body: event.body.replace(JSON.stringify(event.id), JSON.stringify(id)) };
    },
  }),
  'merges the event into an object': assembleReceiver({
    toEvent: (bytes, receivedAt) => {
      if (isJson(bytes)) merge({}, JSON.parse(bytes.toString()));
      return toQueuedEvent(bytes, receivedAt);
    },
  }),
};

function headerOf(headers: Headers): string | undefined {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-connectly-hmac-sha256');
  return found?.[1] ?? undefined;
}

function mapValues(headers: Headers, change: (value: string) => string): Headers {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? change(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

function reserialise(bytes: Buffer): Buffer {
  return isJson(bytes) ? Buffer.from(JSON.stringify(JSON.parse(bytes.toString()))) : bytes;
}

/** The recursive merge that has been the entrance of so many prototype pollutions. */
function merge(target: Record<string, unknown>, source: unknown): void {
  if (typeof source !== 'object' || source === null) return;
  for (const [key, value] of Object.entries(source)) {
    const inner = target[key];
    if (typeof inner === 'object' && inner !== null) merge(Object(inner), value);
    else if (typeof inner !== 'function') target[key] = value;
  }
}
