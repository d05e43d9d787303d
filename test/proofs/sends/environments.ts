import type { Invocation, Invoke } from '../../../local/aws/lambda/invocation.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Handler } from '../harness/shipped.ts';
import type { Life } from '../harness/simulated/life.ts';

/** One execution environment of a function. */
export interface Environment {
  readonly life: Life;
  readonly handle: Handler<'send-message' | 'settle-send'>;
  /** Called once when it has ended before its time. */
  readonly onEnd: () => void;
}

export interface EnvironmentsOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly start: () => Environment;
}

export interface Environments {
  readonly invoke: Invoke;
  readonly invocations: number;
  readonly timeouts: number;
}

/** A function's environments: each serves one invocation after the other, until it ends or takes too long. */
export function createEnvironments({ clock, timeoutMs, start }: EnvironmentsOptions): Environments {
  const idle: Environment[] = [];
  let invocations = 0;
  let timeouts = 0;

  async function invoke(event: unknown): Promise<Invocation> {
    invocations += 1;
    const environment = idle.pop() ?? start();
    const { life } = environment;
    const requestId = `invocation-${invocations}`;
    const startedAt = clock.now();
    const context = {
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => startedAt + timeoutMs - clock.now(),
    };
    const cancel = clock.after(timeoutMs, () => {
      timeouts += 1;
      life.end();
    });
    const handled = environment.handle(event, context).catch(asThrown);
    const response = await Promise.race([handled, life.ended]);
    cancel();
    const durationMs = clock.now() - startedAt;
    if (life.isOver || response === undefined) {
      environment.onEnd();
      const errorMessage = 'the environment ended';
      return { kind: 'exit', exitCode: null, signal: 'SIGKILL', errorMessage, requestId, durationMs };
    }
    idle.push(environment);
    if (response instanceof TypeError) {
      const { name: errorType, message: errorMessage } = response;
      return { kind: 'function-error', errorType, errorMessage, trace: [], requestId, durationMs };
    }
    return { kind: 'success', payload: JSON.stringify(response), requestId, durationMs };
  }

  return {
    invoke,
    get invocations() {
      return invocations;
    },
    get timeouts() {
      return timeouts;
    },
  };
}

function asThrown(error: unknown): TypeError {
  return new TypeError(String(error));
}
