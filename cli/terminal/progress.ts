/** A bar on stderr; nothing at all where that is no terminal. */
export interface Progress {
  advance(by?: number): void;
  /** Takes the bar away. To be called however the work ends. */
  stop(): void;
}

export interface ProgressOptions {
  /** What is being done, as a word: "Queueing". */
  readonly label: string;
  readonly total: number;
}

const silent: Progress = { advance() {}, stop() {} };

/** `shown` is false with --quiet and --json. */
export async function startProgress(
  { label, total }: ProgressOptions,
  { shown }: { shown: boolean },
): Promise<Progress> {
  if (!shown || !process.stderr.isTTY) return silent;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${label} {bar} {percentage} % | {value} of {total} | {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { advance: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
