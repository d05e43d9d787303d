import { availableParallelism } from 'node:os';
import type { EnvironmentEvents, ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionFailure } from './runtime-api.ts';

export interface EnvironmentPoolOptions {
  /** How many processes may run the current code at once. */
  readonly maximum: number;
  readonly start: (events: EnvironmentEvents) => Promise<ExecutionEnvironment>;
  /** Called when a process is idle, or there is room for another one. */
  readonly onRoom: () => void;
  /** Called when a process could not be started, or ended before it was ready. */
  readonly onInitError: (failure: FunctionFailure) => void;
}

/** The processes that run one version of the code. */
class Generation {
  /** One entry for each that has not become idle yet. */
  readonly starting = new Set<object>();
  readonly ready = new Set<ExecutionEnvironment>();
  /** Those of `ready` that have nothing to do, the latest used last. */
  readonly idle: ExecutionEnvironment[] = [];
}

/** Starting a process takes all of a core: more at once would only delay the first of them. */
const maximumStarting = Math.max(2, availableParallelism());

/** The processes of a function: what starts, what is idle, and what still ends on older code. */
export class EnvironmentPool {
  readonly #options: EnvironmentPoolOptions;
  #generation = new Generation();
  /** Of every generation. */
  readonly #alive = new Set<ExecutionEnvironment>();
  readonly #beginnings = new Set<Promise<void>>();
  #closed = false;
  #whenNoneIsAlive: () => void = () => {};

  constructor(options: EnvironmentPoolOptions) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The idle process that was used last, which is the caller's from now on; undefined when there is none. */
  takeIdle(): ExecutionEnvironment | undefined {
    const { idle } = this.#generation;
    let environment = idle.pop();
    // One that has ended by itself since is passed over.
    while (environment?.ended === true) environment = idle.pop();
    return environment;
  }

  /** Starts as many processes as are missing for that many invocations, and as the limits allow. */
  startFor(invocations: number): void {
    const { starting, ready } = this.#generation;
    const room = Math.min(this.#options.maximum - ready.size, maximumStarting);
    for (let missing = Math.min(invocations, room) - starting.size; missing > 0; missing -= 1) {
      const beginning = this.#begin(this.#generation);
      this.#beginnings.add(beginning);
      void beginning.finally(() => this.#beginnings.delete(beginning));
    }
  }

  /** Busy processes end by themselves once their invocation is over; all others at once. */
  restart(): void {
    const { idle } = this.#generation;
    this.#generation = new Generation();
    for (const environment of this.#alive) {
      if (idle.includes(environment) || environment.initDurationMs === undefined) environment.kill();
    }
  }

  /** Ends every process. Resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#beginnings);
    for (const environment of this.#alive) environment.kill();
    if (this.#alive.size > 0) await new Promise<void>((resolve) => void (this.#whenNoneIsAlive = resolve));
  }

  async #begin(generation: Generation): Promise<void> {
    const { start, onRoom, onInitError } = this.#options;
    const isCurrent = (): boolean => generation === this.#generation && !this.#closed;
    const beginning = {};
    generation.starting.add(beginning);
    try {
      const environment = await start({
        onIdle: (idle) => {
          generation.starting.delete(beginning);
          if (!isCurrent()) {
            idle.kill();
            return;
          }
          generation.ready.add(idle);
          generation.idle.push(idle);
          onRoom();
        },
        onEnd: (ended, initError) => {
          generation.starting.delete(beginning);
          generation.ready.delete(ended);
          const index = generation.idle.indexOf(ended);
          if (index !== -1) generation.idle.splice(index, 1);
          this.#alive.delete(ended);
          if (initError !== undefined && generation === this.#generation) onInitError(initError);
          if (this.#alive.size === 0) this.#whenNoneIsAlive();
          onRoom();
        },
      });
      this.#alive.add(environment);
      if (!isCurrent()) environment.kill();
    } catch (problem) {
      generation.starting.delete(beginning);
      onInitError({ errorType: 'Runtime.InitError', errorMessage: String(problem), trace: [] });
      onRoom();
    }
  }
}
