import http from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import {
  type FakeConnectly,
  type FakeConnectlyOptions,
  startFakeConnectly,
} from '../../../../local/connectly/fake-connectly.ts';
import { isJsonObject, type JsonObject } from '../../../../local/connectly/fields.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

export const apiKey = 'key-1';
export const webhookSecret = 'secret-1';
export const customer = '+15555555555';
export const businessNumber = '+16044441234';

/** What a request came to: an answer, complete or not, or the code of the error that came instead. */
export interface Reply {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: JsonObject;
  readonly error: string | undefined;
  /** Whether the answer came to its announced end. */
  readonly complete: boolean;
}

export interface RunningFake {
  readonly fake: FakeConnectly;
  readonly clock: VirtualClock;
  /** With the key and as JSON, unless headers say otherwise. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Under the prefix of business `b1`. */
  vendor(method: string, path: string, body?: unknown): Promise<Reply>;
  sendText(options?: { to?: string; text?: string; callbackData?: unknown }): Promise<Reply>;
  /** Posts to an admin route. */
  admin(route: string, body: unknown): Promise<Reply>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Hangs up after so many bytes of the answer's body; 0 as soon as the request is out. */
  readonly hangUpAfterBytes?: number;
  readonly agent?: http.Agent;
}

export async function runFake(options: Partial<FakeConnectlyOptions> = {}): Promise<RunningFake> {
  const clock = createVirtualClock();
  const fake = await startFakeConnectly({ apiKey, webhookSecret, clock, ...options });
  const call: RunningFake['call'] = (method, path, callOptions = {}) =>
    request(`${fake.url}${path}`, { method, ...callOptions });
  const vendor: RunningFake['vendor'] = (method, path, body) =>
    call(method, `/v1/businesses/b1${path}`, { body });
  return {
    fake,
    clock,
    call,
    vendor,
    sendText: ({ to = customer, text = 'hello!', callbackData } = {}) =>
      vendor('POST', '/send/messages', {
        recipient: { channelType: 'whatsapp', id: to },
        message: { text },
        ...(callbackData === undefined ? {} : { callbackData }),
      }),
    admin: (route, body) => call('POST', `/_fake/${route}`, { body }),
    close: () => fake.close(),
  };
}

/** Hands a fake of its own to each test of a file, and stops it afterwards. */
export function fakeForEachTest(
  hand: (running: RunningFake) => void,
  options: Partial<FakeConnectlyOptions> = {},
): void {
  let running: RunningFake;
  beforeEach(async () => {
    running = await runFake(options);
    hand(running);
  });
  afterEach(() => running.close());
}

function request(url: string, options: CallOptions & { method: string }): Promise<Reply> {
  const { method, body, headers = {}, hangUpAfterBytes = Infinity, agent } = options;
  return new Promise((resolve) => {
    let response: http.IncomingMessage | undefined;
    let text = '';
    let error: string | undefined;
    const sent = http.request(url, {
      method,
      agent: agent ?? false,
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    });
    const fail = (problem: NodeJS.ErrnoException): void => void (error ??= problem.code ?? problem.message);
    sent.on('error', fail);
    sent.on('response', (incoming) => {
      response = incoming;
      incoming.setEncoding('utf8');
      incoming.on('error', fail);
      incoming.on('data', (chunk: string) => {
        text += chunk;
        if (text.length >= hangUpAfterBytes) sent.destroy();
      });
    });
    sent.on('close', () => {
      resolve({
        status: response?.statusCode,
        headers: response?.headers ?? {},
        text,
        json: jsonOf(text),
        error,
        complete: response?.complete ?? false,
      });
    });
    sent.end(
      body === undefined
        ? undefined
        : typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : JSON.stringify(body),
    );
    if (hangUpAfterBytes === 0) sent.on('finish', () => setTimeout(() => sent.destroy(), 20));
  });
}

/** The object that a text is the JSON of; an empty one when it is not. */
export function jsonOf(text: string): JsonObject {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}
