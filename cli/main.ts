import { Command, CommanderError } from 'commander';
import { addDemoCommand } from './commands/demo.ts';
import { addDevCommand } from './commands/dev.ts';
import { addWebhookCommand } from './commands/webhook.ts';
import { failureOf } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';

export interface GlobalOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly local?: true;
  readonly stage?: string;
  readonly region?: string;
}

/** What every command gets besides its own options. */
export interface CommandContext {
  /** The folder that serverless.yml is in. */
  readonly projectRoot: string;
  /** The global options, as far as they have been given. */
  readonly globals: () => GlobalOptions;
  readonly output: () => Output;
}

const examples = `
Examples:
  $ relay demo                                       see everything happen once
  $ relay dev                                        run everything on this machine
  $ relay webhook register --topic messages --local  point the fake Connectly at it
`;

const exitCodeHelp = `
Exit codes: 0 ok, 1 unexpected, 2 usage, 3 configuration, 4 credentials, 5 refused by Connectly, 6 partly done,
130 interrupted. Data goes to stdout, words to stderr.
`;

/** Runs the command line and resolves to its exit code. Never rejects. */
export async function main({ argv, projectRoot }: { argv: string[]; projectRoot: string }): Promise<number> {
  const program = new Command('relay')
    .description('Runs connectly-relay on one machine, and connects it to Connectly.')
    .addHelpText('before', examples)
    .addHelpText('after', exitCodeHelp)
    .option('--json', 'one JSON object (or one per line) instead of words')
    .option('--quiet', 'results and errors only')
    .option('--local', 'act on the running local stack')
    .option('--stage <stage>', 'act on a deployed stage, as in serverless deploy')
    .option('--region <region>', 'its AWS region')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeErr: (text) => void process.stderr.write(text) });

  const output = () => {
    const { json = false, quiet = false } = program.opts<GlobalOptions>();
    return createOutput({ json, quiet, stdout: process.stdout, stderr: process.stderr });
  };
  const context: CommandContext = { projectRoot, globals: () => program.opts<GlobalOptions>(), output };
  addDevCommand(program, context);
  addDemoCommand(program, context);
  addWebhookCommand(program, context);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // commander has said what was wrong, or shown the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const failure = failureOf(error);
    output().fail(failure);
    return failure.exitCode;
  }
}
