import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type CommandError, configurationError, systemCode } from '../errors.ts';
import type { Environment } from '../io.ts';
import { type Proxy, proxyFor } from './proxy.ts';

/** How long a proxy may take to lead somewhere, in milliseconds: `relay doctor` gives a check 8 seconds. */
export const tunnelPatienceMs = 5000;

/**
 * An agent for requests of `node:http` and `node:https`, which goes to each host directly or through the proxy that the
 * environment names for it, plain HTTP in a tunnel, too. A request that the proxy stops ends with a `CommandError`.
 */
export class ProxyAgent extends Agent {
  /** Why no connection came of the last request, for whoever sees that none did, and not why. */
  fault: unknown;
  readonly #env: Environment;
  readonly #patienceMs: number;
  readonly #direct = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  readonly #tunnels = new Map<string, Tunnel>();

  constructor(env: Environment, patienceMs: number = tunnelPatienceMs) {
    super({ keepAlive: true });
    this.#env = env;
    this.#patienceMs = patienceMs;
  }

  override async connect(_: ClientRequest, options: AgentConnectOpts): Promise<HttpAgent> {
    return this.#noting(async () => {
      const { secureEndpoint: isSecure, host = 'localhost', port } = options;
      const proxy = proxyFor({ isSecure, host, port }, this.#env);
      if (proxy === undefined) return isSecure ? this.#direct.https : this.#direct.http;
      return this.#tunnels.get(proxy.variable) ?? this.#tunnelThrough(proxy);
    });
  }

  #tunnelThrough(proxy: Proxy): Tunnel {
    const tunnel = new Tunnel(proxy, {
      patienceMs: this.#patienceMs,
      noting: (attempt) => this.#noting(attempt),
    });
    this.#tunnels.set(proxy.variable, tunnel);
    return tunnel;
  }

  async #noting<Connection>(attempt: () => Promise<Connection>): Promise<Connection> {
    this.fault = undefined;
    return attempt().catch((fault: unknown) => {
      this.fault = fault;
      throw fault;
    });
  }

  override destroy(): void {
    for (const agent of [this.#direct.http, this.#direct.https, ...this.#tunnels.values()]) agent.destroy();
    super.destroy();
  }
}

interface TunnelOptions {
  readonly patienceMs: number;
  /** Takes down what an attempt fails of. */
  readonly noting: <Connection>(attempt: () => Promise<Connection>) => Promise<Connection>;
}

/** Connections through one proxy. */
class Tunnel extends HttpsProxyAgent<string> {
  readonly #variable: string;
  readonly #options: TunnelOptions;

  constructor({ url, variable }: Proxy, options: TunnelOptions) {
    super(url, { keepAlive: true });
    this.#variable = variable;
    this.#options = options;
  }

  override connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    return this.#options.noting(() => this.#connect(request, options));
  }

  async #connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    const { patienceMs } = this.#options;
    let status: number | undefined;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => (status = statusCode));
    // A proxy that never answers would keep the process alive.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patienceMs);
    this.connectOpts = { ...this.connectOpts, signal: late.signal };
    let socket: Socket;
    try {
      socket = await super.connect(request, options);
    } catch (error) {
      if (isNoHttp(error)) throw this.#noProxy(options);
      const reason = late.signal.aborted
        ? `no answer within ${patienceMs / 1000} s`
        : (systemCode(error) ?? 'it hung up');
      throw this.#error('proxy-unreachable', options, {
        what: `does not answer (${reason})`,
        remedy: `Correct ${this.#variable}, or leave it out`,
      });
    } finally {
      clearTimeout(timer);
    }
    if (status === 200) return socket;
    socket.destroy();
    if (Number.isNaN(status)) throw this.#noProxy(options);
    throw this.#error(
      'proxy-refused',
      options,
      status === 407
        ? {
            what: 'wants a user and a password that it knows (407)',
            remedy: `Write them into ${this.#variable}, percent-encoded: http://USER:PASSWORD@${this.proxy.host}`,
          }
        : {
            what: `answered ${status} instead of leading to ${options.host}:${options.port}`,
            remedy: 'Ask whoever runs it to allow that host',
          },
    );
  }

  #noProxy(options: AgentConnectOpts): CommandError {
    return this.#error('proxy-unreadable', options, {
      what: 'answers with something that is no HTTP',
      remedy: `Look whether a proxy is at that port, and correct ${this.#variable}`,
    });
  }

  /** Names neither the user nor the password. */
  #error(code: string, { host }: AgentConnectOpts, said: { what: string; remedy: string }): CommandError {
    return configurationError(
      code,
      `The proxy ${this.proxy.host}, which ${this.#variable} names, ${said.what}. ${said.remedy}. To go to ${host} without it: NO_PROXY=${host}`,
    );
  }
}

/** Of an answer without a line, or with one that is no header. */
function isNoHttp(error: unknown): boolean {
  return error instanceof Error && /^(No|Invalid) header .*from proxy CONNECT response/.test(error.message);
}
