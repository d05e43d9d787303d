import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A service of AWS that answers with other words. */
export interface OtherAnswers {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before an endpoint on 127.0.0.1 and puts other words in the place of those in its answers. */
export async function startOtherAnswers(
  endpoint: string,
  words: ReadonlyMap<string, string>,
): Promise<OtherAnswers> {
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'POST', url = '/', headers } = request;
    const answer = await fetch(`${endpoint}${url}`, {
      method,
      headers: { 'content-type': headers['content-type'] ?? '', authorization: headers.authorization ?? '' },
      ...(method !== 'GET' && { body: await text(request) }),
    });
    let body = await answer.text();
    for (const [from, to] of words) body = body.replaceAll(from, to);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${portOf(address)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
