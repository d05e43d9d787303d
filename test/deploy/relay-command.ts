import { join } from 'node:path';
import { throwawayCredentials } from './aws-cli.ts';
import { runCommand } from './commands.ts';
import type { Deployment } from './deployment.ts';

/** Types a `relay` command with `--json` at the deployed stage, and resolves to each line that it prints. */
export type RelayCommand = (...args: readonly string[]) => Promise<unknown[]>;

export function relayCommand(
  { endpoint, region, projectRoot }: Deployment,
  { stage, signal }: { readonly stage: string; readonly signal: AbortSignal },
): RelayCommand {
  return async (...args) => {
    const printed = await runCommand({
      file: process.execPath,
      arguments: [
        join(projectRoot, 'cli/relay.mjs'),
        ...args,
        '--json',
        '--stage',
        stage,
        '--region',
        region,
      ],
      environment: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        AWS_ENDPOINT_URL: endpoint,
        ...throwawayCredentials,
      },
      signal,
    });
    return printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  };
}
