import type { Readable, Writable } from 'node:stream';

/** What a run of the command line has of the world around it. `relay.mjs` hands in those of the process. */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** What `.env` in the project's folder sets besides is added to it. */
  readonly env: Environment;
  /** The folder that names of files are relative to. */
  readonly cwd: string;
  /** Tells of Ctrl-C and the like. */
  readonly signals: Signals;
  /** Ends everything at once, whatever is under way: the second Ctrl-C. */
  exit(code: number): void;
}

export type Environment = Record<string, string | undefined>;

/** A stream that may be a terminal. */
export type InputStream = Readable & { readonly isTTY?: boolean };

/** A stream that may be a terminal, which alone has the other members. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** False when NO_COLOR is set. */
  hasColors?(): boolean;
}

export const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Signals {
  on(name: (typeof signalNames)[number], listener: () => void): unknown;
  off(name: (typeof signalNames)[number], listener: () => void): unknown;
}
