import { join } from 'node:path';
import { runCommand } from './commands.ts';

/** Runs `aws <service> <operation> <options>` and resolves to its answer, null when it has none. */
export type AwsCli = (arguments_: readonly string[]) => Promise<unknown>;

/** The AWS CLI, which can reach nothing but the endpoint. */
export function awsCli(options: {
  readonly commands: string;
  readonly endpoint: string;
  readonly region: string;
  readonly signal: AbortSignal;
}): AwsCli {
  const { commands, endpoint, region, signal } = options;
  return async (arguments_) => {
    const printed = await runCommand({
      file: join(commands, 'aws'),
      // An endpoint in the environment is not enough: this version ignores it for SQS and goes to the real AWS.
      arguments: [...arguments_, '--endpoint-url', endpoint, '--region', region, '--output', 'json'],
      environment: { PATH: process.env['PATH'], ...throwawayCredentials },
      signal,
    });
    return printed.trim() === '' ? null : JSON.parse(printed);
  };
}

/** They open nothing, and with files that are not there nobody's real ones are found. */
export const throwawayCredentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
