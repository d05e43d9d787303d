import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type ConnectionFault, connectionFaultOf } from '../errors.ts';

/** How much is read in answer to one request, in bytes, heads and interim answers included: Connectly's are a few hundred. */
const maximumAnswerBytes = 64 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The knowledge after one request. Never a rejection: not knowing is an answer, too. */
export type HttpResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** The whole body; empty when it broke off, came too late or was too long. */
      readonly body: string;
    }
  /** No byte of the request can have reached the server. */
  | { readonly kind: 'not-sent'; readonly reason: ConnectionFault }
  /** The request may have arrived, and no answer came. */
  | { readonly kind: 'no-answer'; readonly reason: ConnectionFault };

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResult>;
  /**
   * Closes the kept-alive connections. To be called at the end of an invocation: what was open during a freeze of the
   * execution environment may be dead, and a request on it would look as if its outcome were unknown.
   */
  closeConnections(): void;
}

export interface HttpClientOptions {
  /** Over connecting, headers and body, in milliseconds. */
  readonly deadlineMs: number;
  /** Makes what connects: anew after connections were closed. By default, hosts are connected to directly. */
  readonly newAgents?: () => { readonly http: HttpAgent; readonly https: HttpAgent };
}

/**
 * HTTP over node:http(s), with one deadline, at most 64 KiB read, and redirects never followed: that would hand the API
 * key to another host.
 */
export function createHttpClient({ deadlineMs, newAgents = directAgents }: HttpClientOptions): HttpClient {
  let agents = newAgents();

  function closeConnections(): void {
    agents.http.destroy();
    agents.https.destroy();
    agents = newAgents();
  }

  function request({ method, url, headers, body }: HttpRequest): Promise<HttpResult> {
    return new Promise((resolve) => {
      const secure = url.protocol === 'https:';
      const send = secure ? httpsRequest : httpRequest;
      let connected = false;
      let answered = false;
      const outgoing = send(url, { method, agent: secure ? agents.https : agents.http });
      // Among the options, NODE_DEBUG would print them, and the API key with them.
      for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
      const timer = setTimeout(() => outgoing.destroy(new DeadlinePassed()), deadlineMs);
      let bytesRead = 0;
      // On the socket, because nothing above it sees blank lines and interim answers, which may have no end either.
      const countBytes = (chunk: Buffer) => {
        bytesRead += chunk.length;
        // Without an error: nobody listens for one on a socket whose answer has just ended.
        if (isTooLong()) outgoing.destroy();
      };
      const isTooLong = () => bytesRead > maximumAnswerBytes;
      const end = (result: HttpResult) => {
        clearTimeout(timer);
        resolve(result);
      };

      outgoing.on('socket', (socket) => {
        socket.on('data', countBytes);
        outgoing.once('close', () => socket.off('data', countBytes));
        // Until the (TLS) connection stands, nothing of the request has left this process.
        if (outgoing.reusedSocket) connected = true;
        else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
      });
      outgoing.on('response', (response) => {
        answered = true;
        const { statusCode: status = 0 } = response;
        const { 'retry-after': retryAfter } = response.headers;
        void readBody(response).then((text) =>
          end({ kind: 'answered', status, retryAfter, body: isTooLong() ? '' : text }),
        );
      });
      const unanswered = (reason: ConnectionFault) => {
        if (answered) return;
        end({
          kind: connected ? 'no-answer' : 'not-sent',
          reason: isTooLong() ? 'answer-too-long' : reason,
        });
      };
      outgoing.on('error', (error) => unanswered(connectionFaultOf(error)));
      // Node drops an answer that asks for an upgrade without an error: no other event tells the end of it.
      outgoing.on('close', () => unanswered('connection-closed'));
      outgoing.end(body);
    });
  }

  return { request, closeConnections };
}

function directAgents() {
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

class DeadlinePassed extends Error {
  readonly code = 'deadline-passed';
}
