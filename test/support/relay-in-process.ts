import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import { type RelayOptions, type RelayProcess, type RelayResult, until } from './relay-command.ts';

/** Where a command is typed: all that it takes of a project are the files that it reads. */
interface Place {
  readonly root: string;
}

/**
 * Starts the command line in this process, with streams, an environment and signals of its own: like `startRelayWith`, but
 * for the bundle and the process around it, which a few tests are about.
 */
export function startRelayInProcess(
  { stdin = '', env = {} }: RelayOptions,
  project: Place,
  ...args: string[]
): RelayProcess {
  const [stdout, stderr] = [collector(), collector()];
  const signals = new EventEmitter();
  const ended = new Promise<RelayResult>((resolve, reject) => {
    const end = (exitCode: number) => resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
    const io: Io = {
      stdin: Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]),
      stdout: stdout.stream,
      stderr: stderr.stream,
      env: { PATH: process.env['PATH'], HOME: project.root, ...env },
      cwd: project.root,
      signals,
      exit: end,
    };
    main({ argv: args, projectRoot: project.root, io }).then(end, reject);
  });
  let hasEnded = false;
  const noteEnd = () => {
    hasEnded = true;
  };
  ended.then(noteEnd, noteEnd);
  return {
    pid: process.pid,
    stdout: () => stdout.text(),
    stderr: () => stderr.text(),
    async says(text, times = 1) {
      const said = () => `${stdout.text()}\n${stderr.text()}`.split(text).length > times;
      await until(`that relay says "${text}"`, () => {
        if (!said() && hasEnded) throw new Error(`relay ended before it said "${text}": ${stderr.text()}`);
        return said();
      });
    },
    stopReading() {
      stdout.close();
      stderr.close();
    },
    signal: (name) => void signals.emit(name),
    ctrlC: () => void signals.emit('SIGINT'),
    ended,
  };
}

/** Runs a command to its end. */
export function relayInProcess(project: Place, ...args: string[]): Promise<RelayResult> {
  return startRelayInProcess({}, project, ...args).ended;
}

/** Runs a command to its end, with something on stdin or in its environment. */
export function relayInProcessWith(
  options: RelayOptions,
  project: Place,
  ...args: string[]
): Promise<RelayResult> {
  return startRelayInProcess(options, project, ...args).ended;
}

/** A pipe that is read, until it is closed. */
function collector(): { readonly stream: Writable; text(): string; close(): void } {
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
