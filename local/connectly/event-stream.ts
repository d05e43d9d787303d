import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';

/** A watcher that reads slower than things happen is let go at this point; it can come back. */
const maxBufferedBytes = 8 * 1024 * 1024;

/** Answers with server-sent events: every event of the feed, from now on, until the watcher leaves. */
export function streamEvents(response: ServerResponse, feed: Feed): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // A comment, so that the watcher knows at once that it is subscribed.
  response.write(': watching\n\n');
  const unsubscribe = feed.subscribe(({ type, data }) => {
    response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    if (response.writableLength > maxBufferedBytes) response.destroy();
  });
  response.once('close', unsubscribe);
}
