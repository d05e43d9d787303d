import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer and the code in it. */
export interface Verdict {
  readonly answer: Answer;
  readonly code: string | null;
}

/** What came of carrying a request out, or of refusing to. */
export interface Result extends Verdict {
  readonly accepted: boolean;
  readonly messageId: string | null;
}

/** A request that waits for its answer, and the means to answer it badly. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
}

/** How an answer can be spoiled on its way out. */
export type Spoiling =
  | { readonly how: 'hang' }
  | { readonly how: 'reset' }
  | { readonly how: 'close' }
  | { readonly how: 'reset-mid-body' }
  | { readonly how: 'drip'; readonly intervalMs: number; readonly part: 'headers' | 'body' }
  | { readonly how: 'endless' }
  | { readonly how: 'wrong-length'; readonly extraBytes: number };

export function jsonAnswer(status: number, json: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
}

/** Sends an answer as it should be. */
export function sendAnswer({ response }: Exchange, { status, headers, body }: Answer): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/** Sends as much of an answer as the spoiling lets through, on the bare socket: no HTTP server would write these. */
export function sendSpoiled(exchange: Exchange, answer: Answer, spoiling: Spoiling): void {
  const { socket } = exchange.request;
  if (socket.destroyed) return;
  const length = Buffer.byteLength(answer.body);
  switch (spoiling.how) {
    case 'hang':
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'close':
      socket.end();
      return;
    case 'reset-mid-body':
      // The reset waits for what was written, or the kernel would throw it away and the status line with it.
      socket.write(head(answer, length) + answer.body.slice(0, Math.ceil(answer.body.length / 2)), () =>
        setTimeout(() => socket.resetAndDestroy(), midBodyPauseMs).unref(),
      );
      return;
    case 'drip':
      drip(exchange, answer, spoiling);
      return;
    case 'endless':
      socket.write(head(answer, undefined));
      pour(socket);
      return;
    case 'wrong-length':
      socket.end(head(answer, Math.max(0, length + spoiling.extraBytes)) + answer.body);
      return;
  }
}

/** Enough for a reader on the same machine to take the status line before the reset discards what it has not read. */
const midBodyPauseMs = 20;
const dripBody = ' ';
const pouredChunk = Buffer.alloc(16 * 1024, ' ');

function head(answer: Answer, contentLength: number | undefined): string {
  const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const framing =
    contentLength === undefined ? 'connection: close\r\n' : `content-length: ${contentLength}\r\n`;
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}${framing}\r\n`;
}

/** Without a content length the body ends with the connection, which stays open. */
function drip(
  { request: { socket }, clock }: Exchange,
  answer: Answer,
  { intervalMs, part }: { intervalMs: number; part: 'headers' | 'body' },
): void {
  const start = head(answer, undefined);
  socket.write(part === 'body' ? start : `${start.slice(0, -2)}x-drip: `);
  const next = (): void => {
    if (socket.destroyed) return;
    socket.write(part === 'body' ? dripBody : '.');
    clock.after(intervalMs, next);
  };
  clock.after(intervalMs, next);
}

/** Writes whenever the reader has taken what was written, until the reader leaves. */
function pour(socket: Socket): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write(pouredChunk, () => setImmediate(more));
  };
  more();
}
