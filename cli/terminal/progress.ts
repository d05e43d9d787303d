import type { Io } from '../io.ts';

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
  /** Results are printed meanwhile: where they go to a terminal, too, a bar would stand among them. */
  readonly amongResults?: boolean;
}

const silent: Progress = { advance() {}, stop() {} };

export interface ProgressPlace extends Pick<Io, 'stdout' | 'stderr'> {
  /** False with --quiet and --json. */
  readonly shown: boolean;
}

export async function startProgress(
  { label, total, amongResults = false }: ProgressOptions,
  { shown, stdout, stderr }: ProgressPlace,
): Promise<Progress> {
  if (!shown || !stderr.isTTY || (amongResults && stdout.isTTY)) return silent;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: stderr,
    format: `${label} {bar} {percentage} % | {value} of {total} | {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { advance: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
