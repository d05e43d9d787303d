import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { Clock } from '../../../../local/clock.ts';
import type { Surroundings } from '../shipped.ts';

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpAnswer =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: string }
  /** The connection ends without an answer. */
  | 'reset'
  | 'hang';

/** A host at the other end. `not-connected`: nobody listens there. */
export type Host = (request: SentRequest) => Promise<HttpAnswer> | 'not-connected';

/**
 * For the shipped HTTP client: its requests go to a host in this process, and its deadlines are those of the clock. A
 * header may be one that Node refuses: it throws then.
 */
export function connectlyInProcess(
  host: Host,
  clock: Clock,
  headerFault: () => Error | undefined = () => undefined,
): Required<Pick<Surroundings<'send-message'>, 'globals' | 'modules'>> {
  return {
    globals: {
      setTimeout: (run: () => void, delayMs: number) => clock.after(delayMs, run),
      clearTimeout: (cancel: () => void) => cancel(),
    },
    modules: { 'node:https': httpsInProcess(host, headerFault) },
  };
}

/** Stands in for node:https, without sockets. */
function httpsInProcess(host: Host, headerFault: () => Error | undefined): object {
  return {
    Agent: class {
      destroy(): void {}
    },
    request(url: URL, options: { method: string }) {
      return new OutgoingRequest(url, options, { host, headerFault });
    },
  };
}

class OutgoingRequest extends EventEmitter {
  readonly reusedSocket = false;
  readonly #request: Omit<SentRequest, 'body' | 'headers'>;
  readonly #headers: Record<string, string> = {};
  readonly #host: Host;
  readonly #headerFault: () => Error | undefined;
  readonly #socket = new EventEmitter();
  #isOver = false;

  constructor(
    url: URL,
    options: { method: string },
    { host, headerFault }: { readonly host: Host; readonly headerFault: () => Error | undefined },
  ) {
    super();
    this.#request = { ...options, url };
    this.#host = host;
    this.#headerFault = headerFault;
    queueMicrotask(() => this.emit('socket', this.#socket));
  }

  setHeader(name: string, value: string): void {
    const fault = this.#headerFault();
    if (fault !== undefined) throw fault;
    this.#headers[name] = value;
  }

  end(body = ''): void {
    const answer = this.#host({ ...this.#request, headers: this.#headers, body });
    if (answer === 'not-connected') {
      queueMicrotask(() => this.destroy(failure('ECONNREFUSED')));
      return;
    }
    queueMicrotask(() => {
      this.#socket.emit('connect');
      this.#socket.emit('secureConnect');
    });
    void answer.then((given) => this.#answered(given));
  }

  destroy(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.emit('error', error);
    this.emit('close');
  }

  #answered(answer: HttpAnswer): void {
    if (this.#isOver || answer === 'hang') return;
    if (answer === 'reset') return this.destroy(failure('ECONNRESET'));
    this.#isOver = true;
    const { status, body = '', retryAfter } = answer;
    const response = Object.assign(Readable.from([Buffer.from(body)]), {
      statusCode: status,
      headers: { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
    });
    this.emit('response', response);
  }
}

function failure(code: string): Error {
  return Object.assign(new Error('The connection is gone.'), { code });
}
