import type { Invocation } from './invocation.ts';

/** An invocation that no process has yet. Whoever takes it must resolve it. */
export interface WaitingInvocation {
  readonly requestId: string;
  readonly payload: string;
  readonly resolve: (invocation: Invocation) => void;
}

/** The invocations that wait for a process, in the order in which they came. */
export class WaitingInvocations {
  readonly #entries: (WaitingInvocation & { readonly reject: (reason: unknown) => void })[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** Resolves as the taker resolves it. Rejects with the signal's reason when it is aborted while it waits. */
  add(invocation: Omit<WaitingInvocation, 'resolve'>, signal: AbortSignal | undefined): Promise<Invocation> {
    return new Promise((resolve, reject) => {
      const entry = { ...invocation, resolve, reject };
      this.#entries.push(entry);
      const leave = (): void => {
        const index = this.#entries.indexOf(entry);
        if (index === -1) return;
        this.#entries.splice(index, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  take(): WaitingInvocation | undefined {
    return this.#entries.shift();
  }

  rejectAll(reason: Error): void {
    for (const { reject } of this.#entries.splice(0)) reject(reason);
  }
}
