import { createHmac } from 'node:crypto';
import http from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import type { JsonObject } from '../../../../local/connectly/fields.ts';
import { fakeForEachTest, jsonOf, type Reply, type RunningFake } from './running-fake.ts';

/** A webhook as a receiver got it. */
export interface Received {
  readonly headers: readonly string[];
  readonly header: (name: string) => string | undefined;
  readonly text: string;
  readonly json: JsonObject;
  readonly signedWith: (secret: string) => boolean;
}

/** A server that webhooks can be registered to. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it answers from now on; `undefined` to never answer. */
  answerWith(status: number | undefined): void;
  /** Resolves when it has got that many webhooks in all. */
  has(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A fake, and a server that its webhooks can be registered to. */
export interface WebhookStand extends RunningFake {
  readonly receiver: Receiver;
  register(topic: string, address?: string): Promise<Reply>;
  /** Moves the time on, one webhook after the other. */
  advance(milliseconds: number): Promise<void>;
  /** The `statusUpdate` of each webhook that came. */
  statuses(): readonly unknown[];
}

/** Hands a stand of its own to each test of a file, and stops it afterwards. */
export function standForEachTest(hand: (stand: WebhookStand) => void, { enforceWindows = false } = {}): void {
  let running: RunningFake;
  let receiver: Receiver;
  fakeForEachTest((started) => (running = started), { enforceWindows });
  beforeEach(async () => {
    receiver = await runReceiver();
    hand({
      ...running,
      receiver,
      register: (topic, address = receiver.url) =>
        running.vendor('POST', '/create/webhooks', { topic, address }),
      async advance(milliseconds) {
        await running.clock.advance(milliseconds);
        await running.fake.webhooksQuiet();
      },
      statuses: () => receiver.received.map(({ json }) => json.statusUpdate),
    });
  });
  afterEach(() => receiver.close());
}

async function runReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiters = new Set<() => void>();
  let status: number | undefined = 200;
  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const header = (name: string): string | undefined => incoming.headersDistinct[name]?.join(', ');
      received.push({
        headers: incoming.rawHeaders,
        header,
        text: bytes.toString(),
        json: jsonOf(bytes.toString()),
        signedWith: (secret) =>
          createHmac('sha256', secret).update(bytes).digest('base64') === header('x-connectly-hmac-sha256'),
      });
      if (status !== undefined) {
        response.statusCode = status;
        if (status === 307) response.setHeader('location', `http://127.0.0.1:${portOf(server)}/elsewhere`);
        response.end();
      }
      for (const waiter of waiters) waiter();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${portOf(server)}/webhooks`,
    received,
    answerWith: (next) => void (status = next),
    has: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(server: http.Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
