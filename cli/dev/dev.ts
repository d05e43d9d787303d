import * as z from 'zod';
import { PortError, type PortUse } from '../../local/port-error.ts';
import { runDev } from '../../local/stack/dev.ts';
import { defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { present } from '../present.ts';
import { wholeNumber } from '../terminal/option-values.ts';
import { registerStack } from '../webhook/register-stack.ts';

interface DevOptions {
  readonly awsPort?: number;
  readonly webhookPort?: number;
  readonly connectlyPort?: number;
}

/** `relay dev`, which is what `npm start` runs. */
export const dev = defineCommand({
  examples: ['dev', 'dev --webhook-port 3000 --aws-port 4566'],
  /** One whenever a stack is ready: at first, and after each change of serverless.yml. */
  result: z.strictObject({
    awsUrl: z.url(),
    webhookUrl: z.url(),
    connectlyUrl: z.url(),
    outputs: z.record(z.string(), z.string()),
  }),
  define: (command) =>
    command
      .option('--aws-port <port>', 'of the AWS endpoint; a free one by default', readPort)
      .option('--webhook-port <port>', 'of the API Gateway front; a free one by default', readPort)
      .option('--connectly-port <port>', 'of the fake Connectly; a free one by default', readPort),
  async run({ output, projectRoot, env, signal }, { awsPort, webhookPort, connectlyPort }: DevOptions) {
    await runDev({
      projectRoot,
      env,
      signal,
      register: registerStack,
      say: (text) => output.say(text),
      onReady: ({ awsUrl, webhookUrl, description, connectly }, welcomeText, startedInSeconds) =>
        output.result(
          { awsUrl, webhookUrl, connectlyUrl: connectly.url, outputs: { ...description.outputs } },
          [
            ...welcomeText.split('\n'),
            `  Ready after ${startedInSeconds.toFixed(1)} s. Ctrl-C stops everything.`,
            '',
          ],
        ),
      ports: present({ aws: awsPort, api: webhookPort, connectly: connectlyPort }),
    }).catch(namingItsOption);
  },
});

const readPort = wholeNumber('a port', 1, 65_535);

const portOptions: Record<PortUse, string> = {
  aws: '--aws-port',
  api: '--webhook-port',
  connectly: '--connectly-port',
};

function namingItsOption(error: unknown): never {
  if (!(error instanceof PortError)) throw error;
  throw configurationError(
    error.code,
    `${error.message} Give ${portOptions[error.use]} another one, or leave it out for a free one.`,
    { cause: error },
  );
}
