import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { createHttpClient, type HttpClient } from '../../lib/connectly/http.ts';
import type { Environment } from '../io.ts';
import type { ProxyAgent } from './agent.ts';
import { namesProxy } from './proxy.ts';

/** The way out: through the proxies that an environment names, where it names any. */
export interface Network {
  /** For one client, which destroys it in the end; undefined where nothing is to be done but what Node does. */
  agent(): Promise<ProxyAgent | undefined>;
  /** As that of the functions, but a request is rejected with what a proxy had to say. */
  httpClient(options: { readonly deadlineMs: number }): Promise<ClosableClient>;
  /** Sends one request. Follows no redirect. */
  ask(url: string, question: Question): Promise<Answer>;
}

export interface ClosableClient extends HttpClient {
  /** Closes its connections, those of requests that are under way, too. */
  closeConnections(): void;
}

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Without an environment, nothing goes through a proxy. */
export function createNetwork(env: Environment = {}): Network {
  async function agent(): Promise<ProxyAgent | undefined> {
    if (!namesProxy(env)) return undefined;
    const { ProxyAgent } = await import('./agent.ts');
    return new ProxyAgent(env);
  }

  return {
    agent,
    async httpClient({ deadlineMs }) {
      const through = await agent();
      const agents = {
        http: through ?? new HttpAgent({ keepAlive: true }),
        https: through ?? new HttpsAgent({ keepAlive: true }),
      };
      const client = createHttpClient({ deadlineMs, now: Date.now, agents });
      return {
        async request(request) {
          const result = await client.request(request);
          if (result.kind === 'not-sent' && through?.fault !== undefined) throw through.fault;
          return result;
        },
        closeConnections() {
          agents.http.destroy();
          agents.https.destroy();
        },
      };
    },
    async ask(url, { method = 'GET', headers = {}, body, signal }) {
      const through = await agent();
      try {
        return await new Promise<Answer>((resolve, reject) => {
          const send = url.startsWith('https:') ? httpsRequest : httpRequest;
          const outgoing = send(url, { method, headers, signal, agent: through ?? false }, (response) => {
            const { statusCode: status = 0 } = response;
            text(response).then((said) => resolve({ status, headers: response.headers, body: said }), reject);
          });
          outgoing.on('error', reject);
          outgoing.end(body);
        });
      } finally {
        through?.destroy();
      }
    },
  };
}
