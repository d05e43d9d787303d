import { join } from 'node:path';
import * as z from 'zod';
import type { LoadedCommand } from '../../../cli/command.ts';
import { throwawayCredentials } from './aws-cli.ts';
import { runToEnd } from './commands.ts';
import type { Deployment } from './deployment.ts';

/** How a `relay` command ended. */
export interface RelayEnd<Result extends object> {
  readonly exitCode: number | null;
  /** What it printed: one object, or one for each line of a stream. */
  readonly results: readonly Result[];
  /** The code of the error that it ended with. */
  readonly error: string | undefined;
}

export interface RelayTyping {
  /** What it reads from its standard input. */
  readonly input?: string;
  /** Ctrl-C is pressed when this resolves. */
  readonly interruptAfter?: Promise<void>;
}

/**
 * Types a `relay` command with `--json` at the deployed stage. Everything that it prints is held to the command's own
 * schema: rejects when it does not fit, or when something else stands on stderr than the one error.
 */
export type RelayCommand = <Result extends object>(
  command: LoadedCommand<Result>,
  words: readonly string[],
  typing?: RelayTyping,
) => Promise<RelayEnd<Result>>;

export interface RelayPlace {
  readonly stage: string;
  readonly signal: AbortSignal;
  /** Beside what leads to the endpoint: where a service is that is elsewhere, or a proxy. */
  readonly environment?: Readonly<Record<string, string>>;
}

const failureSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});

export function relayCommand(
  { endpoint, region, relayRoot, recording }: Deployment,
  { stage, signal, environment }: RelayPlace,
): RelayCommand {
  return async (command, words, { input, interruptAfter } = {}) => {
    const place = ['--json', '--stage', stage, '--region', region];
    const typed = {
      file: process.execPath,
      arguments: [join(relayRoot, 'cli/relay.mjs'), ...words, ...place],
      environment: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        AWS_ENDPOINT_URL: endpoint,
        ...environment,
        ...throwawayCredentials,
        ...recording,
      },
      ...(input !== undefined && { input }),
      signal,
    };
    const { exitCode, stdout, stderr } = await runToEnd(typed, (pressCtrlC) => {
      interruptAfter?.then(pressCtrlC, () => {});
    });
    try {
      const lines = stdout.split('\n').filter((line) => line !== '');
      return {
        exitCode,
        results: lines.map((line) => command.result.parse(JSON.parse(line))),
        error: stderr === '' ? undefined : failureSchema.parse(JSON.parse(stderr)).error.code,
      };
    } catch (cause) {
      throw new Error(`relay ${words.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`, { cause });
    }
  };
}
