/** How one synchronous invocation of a function ended. `durationMs` runs from the hand-over to the function's answer. */
export type Invocation =
  | {
      readonly kind: 'success';
      readonly payload: string;
      readonly requestId: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'function-error';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
      readonly requestId: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'timeout';
      readonly errorMessage: string;
      readonly requestId: string;
      readonly durationMs: number;
    }
  /** The process ended before it answered; also a handler that waits for something that can never happen (exit 0). */
  | {
      readonly kind: 'exit';
      readonly exitCode: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly errorMessage: string;
      readonly requestId: string;
      readonly durationMs: number;
    }
  /** The function's code could not be loaded, so no invocation reached it. */
  | {
      readonly kind: 'init-error';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    };

export interface InvokeOptions {
  /**
   * Takes an invocation that still waits for its turn out of the queue: its promise rejects with the signal's reason.
   * One that has started goes on, as on Lambda, where nothing can call it back.
   */
  readonly signal?: AbortSignal;
}

/** Runs a function once with an event (any JSON value) and resolves to how that ended. */
export type Invoke = (event: unknown, options?: InvokeOptions) => Promise<Invocation>;

/** The largest request and response of a synchronous invocation, in bytes: 6 MB. */
export const maximumPayloadBytes = 6 * 1024 * 1024;
