import type { Globals } from '../harness/shipped.ts';

export interface OutputsOptions {
  /** Takes whatever is written past the log. */
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Told about every error that the functions' own code makes. */
  readonly onError: (error: Error) => void;
}

/** Every way in which code can write something down without being handed it, each of them watched. */
export function watchedOutputs({ onOutput, onError }: OutputsOptions): Partial<Globals> {
  const write = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    onOutput(stream, String(text));
    return true;
  };
  const say =
    (stream: 'stdout' | 'stderr') =>
    (...words: readonly unknown[]) =>
      onOutput(stream, `${words.map(String).join(' ')}\n`);
  return {
    process: { stdout: { write: write('stdout') }, stderr: { write: write('stderr') } },
    console: {
      log: say('stdout'),
      info: say('stdout'),
      debug: say('stdout'),
      warn: say('stderr'),
      error: say('stderr'),
    },
    Error: errorsToldTo(onError),
  };
}

/** `Error`, for the code's own classes to extend; errors from elsewhere are instances of it as well. */
function errorsToldTo(onError: (error: Error) => void): ErrorConstructor {
  return new Proxy(Error, {
    construct(target, given, newTarget) {
      const made: object = Reflect.construct(target, given, newTarget);
      if (made instanceof Error) onError(made);
      return made;
    },
  });
}
