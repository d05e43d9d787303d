import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import { eventually } from './waiting.ts';

export interface RelayResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on. */
export interface RunningRelay {
  /** Of the process that runs it, which may be this one. */
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves once the two outputs together hold the text `times` times. Rejects when the command ends before. */
  says(text: string, times?: number): Promise<void>;
  /** What `| true` does: nobody reads what it writes from now on. */
  stopReading(): void;
  signal(name: NodeJS.Signals): void;
  /** What a terminal does at Ctrl-C. */
  ctrlC(): void;
  /** Resolves when it has ended, and all of its output is read. */
  readonly ended: Promise<RelayResult>;
}

export interface RelayOptions {
  /** What it reads from stdin; nothing by default. */
  readonly stdin?: string | Buffer;
  /** Besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program that runs it, for a process of its own; by default the one that runs the test. */
  readonly node?: string;
}

/** Where a command is typed: all that it takes of a project are the files that it reads. */
export interface Place {
  readonly root: string;
}

/** Starts the command line in a place. */
export type StartRelay = (options: RelayOptions, place: Place, ...args: string[]) => RunningRelay;

/**
 * Starts the command line in this process, with streams, an environment and signals of its own. `spawnRelay` starts it as
 * a person does: for the few tests that are about the bundle and the process around it.
 */
export const startRelay: StartRelay = ({ stdin = '', env = {} }, { root }, ...args) => {
  const [stdout, stderr] = [collector(), collector()];
  const signals = new EventEmitter();
  let hasEnded = false;
  const ended = new Promise<RelayResult>((resolve, reject) => {
    const end = (exitCode: number) => resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
    const io: Io = {
      stdin: Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]),
      stdout: stdout.stream,
      stderr: stderr.stream,
      env: { PATH: process.env['PATH'], HOME: root, ...env },
      cwd: root,
      signals,
      exit: end,
    };
    main({ argv: args, projectRoot: root, io }).then(end, reject);
  }).finally(() => {
    hasEnded = true;
  });
  return {
    pid: process.pid,
    stdout: stdout.text,
    stderr: stderr.text,
    says: saying({ stdout: stdout.text, stderr: stderr.text, hasEnded: () => hasEnded }),
    stopReading() {
      stdout.close();
      stderr.close();
    },
    signal: (name) => void signals.emit(name),
    ctrlC: () => void signals.emit('SIGINT'),
    ended,
  };
};

/** Runs a command to its end. */
export function relay(place: Place, ...args: string[]): Promise<RelayResult> {
  return startRelay({}, place, ...args).ended;
}

/** Runs a command to its end, with something on stdin or in its environment. */
export function relayWith(options: RelayOptions, place: Place, ...args: string[]): Promise<RelayResult> {
  return startRelay(options, place, ...args).ended;
}

interface Outputs {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly hasEnded: () => boolean;
}

export function saying({ stdout, stderr, hasEnded }: Outputs): RunningRelay['says'] {
  return async (text, times = 1) => {
    await eventually(`that relay says "${text}"`, () => {
      const said = `${stdout()}\n${stderr()}`.split(text).length > times;
      if (!said && hasEnded()) throw new Error(`relay ended before it said "${text}": ${stderr()}`);
      return said;
    });
  };
}

/** A pipe that is read, until it is closed. */
function collector(): {
  readonly stream: Writable;
  readonly text: () => string;
  close(): void;
} {
  const chunks: Buffer[] = [];
  let isClosed = false;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (isClosed) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        return;
      }
      chunks.push(chunk);
      done();
    },
  });
  return {
    stream,
    text: () => Buffer.concat(chunks).toString('utf8'),
    close() {
      isClosed = true;
    },
  };
}

/** The words of a command line as it is typed; what is in double quotes is one, and so is what is put in. */
export function asTyped({ raw }: TemplateStringsArray, ...values: readonly string[]): string[] {
  const left = values.values();
  const typed = raw.join('\0').match(/"[^"]*"|\S+/g) ?? [];
  return typed.map((word) => word.replaceAll('"', '').replaceAll('\0', () => left.next().value ?? ''));
}
