import { join } from 'node:path';
import { throwawayCredentials } from './aws-cli.ts';
import { runCommand } from './commands.ts';
import type { Deployment } from './deployment.ts';

/** Runs `serverless <arguments>` and resolves to what it printed. */
export type Serverless = (...arguments_: readonly string[]) => Promise<string>;

/** The serverless command in a copy of the project, against the endpoint. */
export function serverlessCommand(options: {
  readonly project: string;
  readonly endpoint: string;
  readonly recording: Deployment['recording'];
  readonly signal: AbortSignal;
}): Serverless {
  const { project, endpoint, recording, signal } = options;
  return (...arguments_) =>
    runCommand({
      file: process.execPath,
      arguments: [join(project, 'node_modules/.bin/serverless'), ...arguments_],
      cwd: project,
      environment: {
        PATH: process.env['PATH'],
        // Whatever the command keeps for itself stays with the copy.
        HOME: project,
        AWS_ENDPOINT_URL: endpoint,
        ...throwawayCredentials,
        ...recording,
        SLS_NOTIFICATIONS_MODE: 'off',
        SLS_TELEMETRY_DISABLED: '1',
        NO_COLOR: '1',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      signal,
    });
}
