import type { Command } from 'commander';
import type * as z from 'zod';
import type { GlobalOptions } from './global-options.ts';
import type { Environment } from './io.ts';
import type { Target } from './target/target.ts';
import type { Output } from './terminal/output.ts';
import type { Progress, ProgressOptions } from './terminal/progress.ts';

/** What a command gets besides its own options. */
export interface CommandContext<Result extends object = object> {
  /** The folder that serverless.yml is in. */
  readonly projectRoot: string;
  readonly env: Environment;
  /** The folder that names of files are relative to. */
  readonly cwd: string;
  readonly globals: GlobalOptions;
  readonly output: Output<Result>;
  /** Aborted at the first Ctrl-C. Its reason is the error to end with, unless the command knows a better one. */
  readonly signal: AbortSignal;
  /** Aborted once nobody reads stdout any more: the end of a command that does nothing but print, without an end. */
  readonly unread: AbortSignal;
  /** The whole command line, for one that describes it. */
  readonly describe: () => Promise<Command>;
  /** Where to act: finds it once, and says where on stderr. */
  readonly target: () => Promise<Target>;
  /** Asks before something that cannot be taken back; resolves at once with `--yes`, rejects unless agreed to. */
  readonly confirm: (question: string) => Promise<void>;
  /** All bytes of a file as it was named on the command line; of stdin for `-`. Rejects with `usage` when it cannot be read. */
  readonly readInput: (file: string) => Promise<Buffer>;
  /** A hidden prompt, or stdin when that is no terminal. */
  readonly readSecret: (label: string) => Promise<string>;
  /** A bar on stderr; silent without a terminal, with `--quiet` and with `--json`. */
  readonly progress: (options: ProgressOptions) => Promise<Progress>;
}

export interface CommandDefinition<Result extends object, Options extends object> {
  /** What is typed after `relay`, at least two. They stand first in the help. */
  readonly examples: readonly [string, string, ...string[]];
  /** What `--json` prints: one such object, or one for each line of a stream. Tests hold the real output to it. */
  readonly result: z.ZodType<Result>;
  /** Adds the command's own arguments and options; of one that has none it is absent. */
  readonly define?: (command: Command) => void;
  /**
   * Does it. To end with another exit code than 0, throw a `CommandError`: after the result, when there is one. Its
   * `operands` are what was typed for the arguments.
   */
  readonly run: (
    context: CommandContext<Result>,
    options: Options,
    operands: readonly string[],
  ) => Promise<void> | void;
}

/** A command as the frame knows it, whatever its options are. */
export interface LoadedCommand<Result extends object = object> {
  readonly examples: readonly string[];
  readonly result: z.ZodType<Result>;
  attach(command: Command, makeContext: () => CommandContext): void;
}

/** What a file in `commands/` exports, and `command-tree.ts` loads. */
export function defineCommand<Result extends object, Options extends object>({
  examples,
  result,
  define,
  run,
}: CommandDefinition<Result, Options>): LoadedCommand<Result> {
  return {
    examples,
    result,
    attach(command, makeContext) {
      define?.(command);
      command.addHelpText('before', exampleText(examples));
      command.action(() => run(makeContext(), command.opts<Options>(), command.args));
    },
  };
}

export function exampleText(examples: readonly string[]): string {
  return `Examples:\n${examples.map((example) => `  $ npx relay ${example}\n`).join('')}`;
}
