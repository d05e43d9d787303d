import { type Command, InvalidArgumentError } from 'commander';
import { runDev } from '../../local/dev.ts';
import { PortError, type PortUse } from '../../local/port-error.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandContext } from '../main.ts';

interface DevOptions {
  readonly awsPort?: number;
  readonly webhookPort?: number;
  readonly connectlyPort?: number;
}

const examples = `
Examples:
  $ relay dev
  $ relay dev --webhook-port 3000 --aws-port 4566
`;

/** `relay dev`, which is what `npm start` runs. */
export function addDevCommand(program: Command, context: CommandContext): void {
  program
    .command('dev')
    .description('run API Gateway, SQS, Secrets Manager, the functions and a fake Connectly on this machine')
    .addHelpText('before', examples)
    .option('--aws-port <port>', 'of the AWS endpoint; a free one by default', readPort)
    .option('--webhook-port <port>', 'of the API Gateway front; a free one by default', readPort)
    .option('--connectly-port <port>', 'of the fake Connectly; a free one by default', readPort)
    .action(async ({ awsPort, webhookPort, connectlyPort }: DevOptions) => {
      const output = context.output();
      await runDev({
        projectRoot: context.projectRoot,
        say: (text) => output.say(text),
        onReady: (stack, welcomeText, startedInSeconds) => {
          const { awsUrl, webhookUrl, description, connectly } = stack;
          const data = { awsUrl, webhookUrl, connectlyUrl: connectly.url, outputs: description.outputs };
          output.result(
            data,
            `${welcomeText}\n  Ready after ${startedInSeconds.toFixed(1)} s. Ctrl-C stops everything.\n`,
          );
        },
        signal: interrupted(),
        ports: {
          ...(awsPort !== undefined && { aws: awsPort }),
          ...(webhookPort !== undefined && { api: webhookPort }),
          ...(connectlyPort !== undefined && { connectly: connectlyPort }),
        },
      }).catch(namingItsOption);
    });
}

const portOptions: Record<PortUse, string> = {
  aws: '--aws-port',
  api: '--webhook-port',
  connectly: '--connectly-port',
};

function namingItsOption(error: unknown): never {
  if (!(error instanceof PortError)) throw error;
  throw new CommandError(
    exitCodes.configuration,
    error.code,
    `${error.message} Give ${portOptions[error.use]} another one, or leave it out for a free one.`,
    { cause: error },
  );
}

/** The first Ctrl-C ends things in order; a second one at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('Give a port from 1 to 65535.');
  return port;
}
