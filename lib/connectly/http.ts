import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { systemCodeOf } from '../errors.ts';
import { afterLook, restingConnections } from './connections.ts';

/** How much is read in answer to one request, in bytes, heads and interim answers included: Connectly's are a few hundred. */
const maximumAnswerBytes = 64 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The knowledge after one request. Never a rejection: not knowing is an answer, too. A `reason` is a code of Node or
 * OpenSSL, or one of ours: `deadline-passed`, `answer-too-long`, `connection-closed`, `connection-failed`.
 */
export type HttpResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** The whole body; empty when it broke off, came too late or was too long. */
      readonly body: string;
    }
  /** No byte of the request can have reached the server. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** The request may have arrived, and no answer came. */
  | { readonly kind: 'no-answer'; readonly reason: string };

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResult>;
}

export interface HttpClientOptions {
  /** Over connecting, headers and body, in milliseconds. */
  readonly deadlineMs: number;
  /** The time of day, in epoch milliseconds. */
  readonly now: () => number;
  /** What connects, and keeps connections. By default, hosts are connected to directly. */
  readonly agents?: { readonly http: HttpAgent; readonly https: HttpAgent };
}

/**
 * HTTP over node:http(s), with one deadline, at most 64 KiB read, and redirects never followed: that would hand the API
 * key to another host. Connections are kept for the next requests, also while Lambda has the environment frozen. A
 * request begins on a kept one only when the other side cannot be seen to have given it up.
 */
export function createHttpClient({ deadlineMs, now, agents = direct() }: HttpClientOptions): HttpClient {
  const resting = restingConnections(now);

  function request({ method, url, headers, body }: HttpRequest): Promise<HttpResult> {
    return new Promise((resolve) => {
      const secure = url.protocol === 'https:';
      const send = secure ? httpsRequest : httpRequest;
      let outgoing = attempt();
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        outgoing.destroy(new DeadlinePassed());
      }, deadlineMs);

      function end(result: HttpResult): void {
        clearTimeout(timer);
        resolve(result);
      }

      function attempt(): ClientRequest {
        /** Whether a byte of the request may have left this process. */
        let departed = false;
        let isOver = false;
        let bytesRead = 0;
        let announced: string | string[] | undefined;
        const tried = send(url, { method, agent: secure ? agents.https : agents.http });
        // Among the options, NODE_DEBUG would print them, and the API key with them.
        for (const [name, value] of Object.entries(headers)) tried.setHeader(name, value);
        // On the socket, because nothing above it sees blank lines and interim answers, which may have no end either.
        const countBytes = (chunk: Buffer) => {
          bytesRead += chunk.length;
          // What was there before the request answers nothing, and would be read as the beginning of its answer.
          const isStray = tried.reusedSocket && !departed;
          // Without an error: nobody listens for one on a socket whose answer has just ended.
          if (isStray || isTooLong()) tried.destroy();
        };
        const isTooLong = () => bytesRead > maximumAnswerBytes;
        const depart = () => {
          departed = true;
        };

        tried.on('socket', (socket) => {
          socket.on('data', countBytes);
          tried.once('close', () => {
            socket.off('data', countBytes);
            resting.rests(socket, announced);
          });
          if (!tried.reusedSocket) {
            // Until the (TLS) connection stands, nothing of the request leaves.
            socket.once(secure ? 'secureConnect' : 'connect', depart);
            tried.end(body);
          } else if (resting.isOverdue(socket)) {
            tried.destroy();
          } else {
            afterLook(() => {
              if (isOver || socket.destroyed) return;
              depart();
              tried.end(body);
            });
          }
        });
        tried.on('response', (response) => {
          // What was there before the request answers nothing: proxies say that they close a connection.
          if (tried.reusedSocket && !departed) return void tried.destroy();
          isOver = true;
          const { statusCode: status = 0 } = response;
          const { 'retry-after': retryAfter, 'keep-alive': keepAlive } = response.headers;
          announced = keepAlive;
          void readBody(response).then((text) =>
            end({ kind: 'answered', status, retryAfter, body: isTooLong() ? '' : text }),
          );
        });
        const unanswered = (reason: string) => {
          if (isOver) return;
          isOver = true;
          // A kept connection that was given up, and nothing of the request has left: another one carries it.
          if (tried.reusedSocket && !departed && !isLate) outgoing = attempt();
          else
            end({
              kind: departed ? 'no-answer' : 'not-sent',
              reason: isTooLong() ? 'answer-too-long' : isLate ? 'deadline-passed' : reason,
            });
        };
        tried.on('error', (error) => unanswered(reasonOf(error)));
        // Node drops an answer that asks for an upgrade without an error: no other event tells the end of it.
        tried.on('close', () => unanswered('connection-closed'));
        return tried;
      }
    });
  }

  return { request };
}

function direct() {
  return { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
}

/** Resolves with the body, or with an empty one: once there is a status line, it alone decides. */
function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', () => resolve(''));
    response.on('close', () => resolve(''));
  });
}

class DeadlinePassed extends Error {}

/** Never a message: a log repeats this. */
function reasonOf(error: Error): string {
  if (error instanceof DeadlinePassed) return 'deadline-passed';
  return systemCodeOf(error) ?? 'connection-failed';
}
