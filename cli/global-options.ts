import type { Command } from 'commander';

/** The options that every command has. */
export interface GlobalOptions {
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly local?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
}

export function addGlobalOptions(program: Command): Command {
  return program
    .option('--stage <stage>', 'act on a deployed stage, as in serverless deploy')
    .option('--region <region>', 'its AWS region; by default AWS_REGION, AWS_DEFAULT_REGION, or us-east-1')
    .option('--profile <profile>', 'the AWS profile to act with')
    .option('--local', 'act on the running local stack; the default when one runs and no stage is given')
    .option('--json', 'one JSON object (or one for each line of a stream) instead of words')
    .option('--quiet', 'results and errors only')
    .option('--yes', 'agree to what would be asked');
}
