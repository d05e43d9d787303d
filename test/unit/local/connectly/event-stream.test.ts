import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamEvents } from '../../../../local/connectly/event-stream.ts';
import { Feed, type FeedEvent } from '../../../../local/connectly/feed.ts';
import { listen } from '../../../support/listen.ts';

class CountingFeed extends Feed {
  listeners = 0;

  override subscribe(listener: (event: FeedEvent) => void): () => void {
    const leave = super.subscribe(listener);
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
      leave();
    };
  }
}

let feed: CountingFeed;
let server: http.Server;
let streamed: Promise<http.ServerResponse>;
let watcher: http.ClientRequest;
beforeEach(async () => {
  feed = new CountingFeed();
  server = http.createServer();
  streamed = new Promise((resolve) => {
    server.on('request', (_, response) => {
      streamEvents(response, feed);
      resolve(response);
    });
  });
  watcher = http.get({ port: await listen(server), host: '127.0.0.1' });
  watcher.on('error', () => {});
});
afterEach(() => {
  watcher.destroy();
  server.close();
});

test('a watcher that leaves is forgotten', async () => {
  const response = await streamed;
  const closed = new Promise((resolve) => response.once('close', resolve));
  const before = feed.listeners;

  watcher.destroy();
  await closed;

  expect([before, feed.listeners]).toEqual([1, 0]);
});

test('a watcher that does not read is let go before it fills the memory', async () => {
  const response = await streamed;

  for (let events = 0; events < 64 && !response.destroyed; events += 1) {
    feed.publish({ type: 'request', data: 'x'.repeat(1024 * 1024) });
  }

  expect(response.destroyed).toBe(true);
  expect(response.writableLength).toBeLessThan(16 * 1024 * 1024);
});
