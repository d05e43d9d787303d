import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * How long AWS may take to answer one attempt of a call, connecting included, in milliseconds. It answers within some tens.
 * Two attempts, and the SDK's wait between them of at most 50 ms, fit into the shortest whole of a call, 1.5 s.
 */
const attemptLimitMs = 700;

/** After so long without a call, in milliseconds, connections are made anew: those that are left may have died in a freeze. */
const idleLimitMs = 10_000;

/**
 * Carries the calls of AWS's clients, so that a dead connection costs one retry and not the whole time of its call. The
 * last attempt alone has what the call has left: a service that is slow, and not dead, is waited for.
 */
class HttpHandler extends NodeHttpHandler {
  private usedAt = 0;

  constructor() {
    super({ throwOnRequestTimeout: true });
  }

  override async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    if (Date.now() - this.usedAt > idleLimitMs) this.dropIdleConnections();
    this.usedAt = Date.now();
    // The SDK says so itself, in a header: `attempt=3; max=3`.
    const isLast = /^attempt=(\d+); max=\1$/.test(request.headers['amz-sdk-request'] ?? '');
    try {
      return await super.handle(request, { ...options, requestTimeout: isLast ? 0 : attemptLimitMs });
    } catch (error) {
      // What has ended one connection may have ended its neighbours, and a retry must not meet the next dead one.
      this.dropIdleConnections();
      throw error;
    }
  }

  private dropIdleConnections(): void {
    const { httpAgent, httpsAgent } = this.httpHandlerConfigs();
    for (const agent of [httpAgent, httpsAgent]) {
      if (agent === undefined || !('freeSockets' in agent)) continue;
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

/** Makes the `requestHandler` for the AWS clients of one function. They share its connections. */
export function awsHttpHandler(): NodeHttpHandler {
  return new HttpHandler();
}
