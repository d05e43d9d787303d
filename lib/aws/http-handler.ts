import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * A request that has no answer after so long, connecting included, is made a second time, in milliseconds. AWS answers
 * within some tens. The shortest whole of a call, 1.5 s, has room for both.
 */
const patienceMs = 700;

/** After so long without a call, in milliseconds, connections are made anew: those that are left may have died in a freeze. */
const idleLimitMs = 10_000;

type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/**
 * Carries the calls of AWS's clients. A request without an answer has met a dead connection, or a service that is slow. A
 * second one goes beside it, over a connection of its own, and the first answer counts: a dead connection costs one
 * request, and a slow service is given all the time that the call has. Were the first one given up, many calls of a slow
 * service would fail early: the SDK tries again some fifty times, and then no more.
 */
class HttpHandler extends NodeHttpHandler {
  private usedAt = 0;
  /** For the second requests: the first ones that wait may hold every connection that a handler opens. */
  private readonly second = new NodeHttpHandler();

  override async handle(...call: Parameters<NodeHttpHandler['handle']>): Promise<Answer> {
    if (Date.now() - this.usedAt > idleLimitMs) this.dropIdleConnections();
    this.usedAt = Date.now();
    const first = super.handle(...call);
    if (await isOverWithin(patienceMs, first)) return first;
    // What has ended one connection may have ended its neighbours.
    this.dropIdleConnections();
    return firstAnswer([first, this.second.handle(...call)]);
  }

  override destroy(): void {
    this.second.destroy();
    super.destroy();
  }

  private dropIdleConnections(): void {
    for (const { httpAgent, httpsAgent } of [this.httpHandlerConfigs(), this.second.httpHandlerConfigs()])
      for (const agent of [httpAgent, httpsAgent]) {
        if (agent === undefined || !('freeSockets' in agent)) continue;
        for (const sockets of Object.values(agent.freeSockets))
          for (const socket of sockets ?? []) socket.destroy();
      }
  }
}

/** Whether it has ended, well or not, before so many milliseconds have passed. */
function isOverWithin(milliseconds: number, answer: Promise<Answer>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false);
    const end = () => {
      clearTimeout(timer);
      resolve(true);
    };
    answer.then(end, end);
  });
}

/** Rejects when neither has an answer. One that comes too late is read all the same, or would keep its connection. */
async function firstAnswer(answers: readonly Promise<Answer>[]): Promise<Answer> {
  let isTooLate = false;
  const inTurn = answers.map(async (each) => {
    const answer = await each;
    const { body } = answer.response;
    if (isTooLate && body instanceof Readable) body.resume();
    isTooLate = true;
    return answer;
  });
  try {
    return await Promise.any(inTurn);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** Makes the `requestHandler` for the AWS clients of one function. They share its connections. */
export function awsHttpHandler(): NodeHttpHandler {
  return new HttpHandler();
}
