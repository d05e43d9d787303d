import { createHmac } from 'node:crypto';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopbackIp } from '../loopback.ts';

/** What came of one attempt: the status of the answer, or why there was none. */
export type AttemptResult = { readonly status: number } | { readonly error: string };

/** Posts webhooks as the vendor's own client does: the same headers, signed over the raw bytes. */
export class WebhookClient {
  readonly #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };

  constructor() {
    const options = { keepAlive: true, maxSockets: 32 };
    this.#agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  }

  /** `address` must name this machine; a name that resolves to another one is not called. */
  async post(options: {
    address: string;
    body: Buffer;
    secret: string;
    timeoutMs: number;
  }): Promise<AttemptResult> {
    const first = await this.#attempt(options);
    // A kept connection that the receiver closed just now says nothing about the receiver: once more, on a fresh one.
    return first === 'stale connection' ? this.#once(options) : first;
  }

  async #once(options: Parameters<WebhookClient['post']>[0]): Promise<AttemptResult> {
    const result = await this.#attempt(options);
    return result === 'stale connection' ? { error: 'ECONNRESET' } : result;
  }

  #attempt(options: Parameters<WebhookClient['post']>[0]): Promise<AttemptResult | 'stale connection'> {
    const { address, body, secret, timeoutMs } = options;
    const url = new URL(address);
    const secure = url.protocol === 'https:';
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(url, {
        method: 'POST',
        agent: secure ? this.#agents['https:'] : this.#agents['http:'],
        lookup: loopbackLookup,
        headers: {
          'content-length': body.length,
          'x-connectly-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
          'user-agent': 'go-resty/2.6.0 (https://github.com/go-resty/resty)',
          'content-type': 'text/plain; charset=utf-8',
          'accept-encoding': 'gzip',
        },
      });
      request.removeHeader('connection');
      // In real time, whatever the clock of the fake: the receiver answers in real time, and moving a test's clock while
      // it works must not look like a receiver that is too slow. Waiting for a free connection does not count.
      let timeout: NodeJS.Timeout | undefined;
      request.once('socket', () => {
        timeout = setTimeout(() => request.destroy(new Error('timeout')), timeoutMs);
        timeout.unref();
      });
      request.once('response', (response) => {
        response.resume();
        response.once('close', () => {
          clearTimeout(timeout);
          resolve({ status: response.statusCode ?? 0 });
        });
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timeout);
        const stale = request.reusedSocket && error.code === 'ECONNRESET';
        resolve(stale ? 'stale connection' : { error: error.code ?? error.message });
      });
      request.end(body);
    });
  }

  close(): void {
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }
}

/** `localhost` is whatever the hosts file says: what it resolves to is checked, too. */
export const loopbackLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const loopback = error === null ? addresses.filter(({ address }) => isLoopbackIp(address)) : [];
    const [first] = loopback;
    if (first === undefined) callback(error ?? new Error('not loopback'), []);
    else if (options.all === true) callback(null, loopback);
    else callback(null, first.address, first.family);
  });
};
