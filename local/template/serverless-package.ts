import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import { RelayError } from '../../lib/errors.ts';
import type { Environment } from './cache-key.ts';

/** `serverless package` failed; the message carries the command's own words and the file to look at. */
export class PackagingError extends RelayError {
  constructor(message: string, options?: ErrorOptions) {
    super('packaging-failed', message, options);
    this.name = 'PackagingError';
  }
}

export interface ServerlessPackageOptions {
  projectRoot: string;
  stage: string;
  region: string;
  /** Where the command runs, and leaves what it makes in `.serverless/`: a folder that looks like the project. */
  serviceFolder: string;
  /** Variables that the service file reads with `env:`; nothing else of the parent's environment is its business. */
  environmentNames: readonly string[];
  env: Environment;
}

/** Packaging takes 3 to 4 s; after this it is waiting for something that is not there, such as a network. */
const packagingTimeoutMs = 120_000;

/**
 * Runs the project's own `serverless package`. The child has no AWS credentials and no way to find any: packaging
 * needs none, and a variable that would need them should fail here rather than read somebody's account.
 */
export async function runServerlessPackage(options: ServerlessPackageOptions): Promise<void> {
  const { projectRoot, stage, region, serviceFolder, environmentNames, env } = options;
  const command = await serverlessCommand(projectRoot);
  const child = spawn(process.execPath, [command, 'package', '--stage', stage, '--region', region], {
    cwd: serviceFolder,
    env: childEnvironment(environmentNames, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The paths that a person knows, instead of those of a folder that is gone by then.
  const withKnownPaths = (text: string) =>
    text.replaceAll(serviceFolder, projectRoot).replaceAll(`${relative(serviceFolder, projectRoot)}/`, '');
  let output = '';
  const keep = (chunk: Buffer) => {
    output = `${output}${chunk.toString()}`.slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timer = setTimeout(() => child.kill('SIGKILL'), packagingTimeoutMs);
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  try {
    const status = await new Promise<string>((settle, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => settle(code === null ? `signal ${signal}` : `exit code ${code}`));
    });
    if (status !== 'exit code 0')
      throw new PackagingError(
        failureMessage({ projectRoot, stage, status, output: withKnownPaths(output) }),
      );
  } finally {
    clearTimeout(timer);
    process.off('exit', killWithParent);
  }
}

const neverPassedOn =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|.*CREDENTIALS.*|ENDPOINT_URL.*)$/;

function childEnvironment(environmentNames: readonly string[], env: Environment): NodeJS.ProcessEnv {
  const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', ...environmentNames];
  const environment: NodeJS.ProcessEnv = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_CONFIG_FILE: devNull,
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_DEPRECATION_NOTIFICATION_MODE: 'warn:summary',
    NO_COLOR: '1',
  };
  for (const name of passedOn) {
    const value = env[name];
    if (value !== undefined && !neverPassedOn.test(name)) environment[name] = value;
  }
  return environment;
}

const manifestSchema = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/** The command's script as its own package.json names it, so that it runs on the Node that runs us. */
async function serverlessCommand(projectRoot: string): Promise<string> {
  const manifest = join(projectRoot, 'node_modules/serverless/package.json');
  const text = await readFile(manifest, 'utf8').catch((cause: unknown) => {
    throw new PackagingError(
      `The serverless command is not installed in ${projectRoot}: run npm install there.`,
      {
        cause,
      },
    );
  });
  const { data } = manifestSchema.safeParse(JSON.parse(text));
  const script = typeof data?.bin === 'string' ? data.bin : data?.bin['serverless'];
  if (script === undefined) throw new PackagingError(`${manifest} names no serverless command.`);
  return resolve(dirname(manifest), script);
}

function failureMessage(details: {
  projectRoot: string;
  stage: string;
  status: string;
  output: string;
}): string {
  const { projectRoot, stage, status, output } = details;
  const plain = stripVTControlCharacters(output).trim();
  const inBundles = /build\.mjs|esbuild|functions\//.test(plain);
  const culprit = inBundles ? 'functions/ and build.mjs' : 'serverless.yml';
  return [
    `serverless package --stage ${stage} failed (${status}). Look at ${culprit} in ${projectRoot}.`,
    plain === '' ? 'It printed nothing.' : plain,
  ].join('\n');
}
