/** Time in milliseconds. A pending call keeps the process alive, as an invocation that waits for it must. */
export const clock = {
  now: (): number => Date.now(),
  /** Calls `run` once; the function it returns cancels that. */
  after(delayMs: number, run: () => void): () => void {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
