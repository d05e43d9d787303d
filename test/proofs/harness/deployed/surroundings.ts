import type { Clock } from '../../../../local/clock.ts';
import type { Globals } from './function-code.ts';

export interface SurroundingsOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Takes whatever is written to an output. */
  readonly output: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Told about every error that the function's own code makes. */
  readonly onError?: (error: Error) => void;
}

/** What a function finds around it: time, chance, variables and outputs of a stand, and nothing of this process. */
export function surroundings({ clock, random, variables, output, onError }: SurroundingsOptions): Globals {
  const write = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    output(stream, String(text));
    return true;
  };
  const say =
    (stream: 'stdout' | 'stderr') =>
    (...words: readonly unknown[]) =>
      output(stream, `${words.map(String).join(' ')}\n`);
  return {
    process: {
      env: variables,
      stdout: { write: write('stdout') },
      stderr: { write: write('stderr') },
    },
    console: {
      log: say('stdout'),
      info: say('stdout'),
      debug: say('stdout'),
      warn: say('stderr'),
      error: say('stderr'),
    },
    Date: dateAt(() => clock.now()),
    Math: Object.create(Math, { random: { value: random } }),
    setTimeout: (run, delayMs) => clock.after(delayMs, run),
    clearTimeout: (timer) => {
      if (typeof timer === 'function') timer();
    },
    Error: onError === undefined ? Error : errorsToldTo(onError),
  };
}

function dateAt(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct(target, given, newTarget) {
      const made: object = Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget);
      return made;
    },
    get: (target, name, receiver): unknown => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
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
