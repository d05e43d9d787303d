// The handlers as they stand in functions/, bundled so that clients, clock and connections are handed in: every call of
// a built handler is a fresh execution environment.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { build, type Plugin } from 'esbuild';
import type { HttpClient } from '../../../lib/connectly/http.ts';
import type { Clock } from '../../../local/clock.ts';
import { type Change, plantChanges } from '../harness/planted-changes.ts';

/** What an execution environment finds around itself. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Takes what would be written to the standard output. */
  readonly write: (line: string) => void;
  readonly sqs: SQSClient;
  readonly dynamo: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  readonly http: HttpClient;
}

export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;
export type RunBatch = typeof import('../../../lib/aws/batch.ts').runBatch;

export interface BuiltHandlers {
  /** Starts an environment of a function. Throws as loading it would. */
  readonly start: (name: 'send-message' | 'settle-send', surroundings: Surroundings) => Handler;
  readonly runBatch: RunBatch;
}

/** Where the handlers reach for what is around them, and what they get instead. */
const replaced = {
  'process.env': 'surroundings.env',
  'process.stdout.write': 'surroundings.write',
  'Date.now': 'surroundings.now',
  'Math.random': 'surroundings.random',
};

const clients = new Map([
  ['@aws-sdk/client-sqs', ['SQSClient', 'sqs']],
  ['@aws-sdk/client-dynamodb', ['DynamoDBClient', 'dynamo']],
  ['@aws-sdk/client-secrets-manager', ['SecretsManagerClient', 'secretsManager']],
]);

const handIn: Plugin = {
  name: 'hand-in-surroundings',
  setup(context) {
    context.onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path, namespace }) =>
      namespace === 'surroundings' ? { path, external: true } : { path, namespace: 'surroundings' },
    );
    context.onResolve({ filter: /\/(lib\/clock|connectly\/http)\.ts$/ }, ({ path }) => ({
      path,
      namespace: 'surroundings',
    }));
    context.onLoad({ filter: /.*/, namespace: 'surroundings' }, ({ path }) => {
      const [name, client] = clients.get(path) ?? [];
      // All else is the SDK's own: its commands and errors are told apart by their classes.
      if (name !== undefined) {
        const handed = `{ ${name}: { value: function () { return surroundings.${client}; } } }`;
        return { contents: `module.exports = Object.create(require('${path}'), ${handed});` };
      }
      return {
        contents: path.endsWith('/clock.ts')
          ? 'export const clock = surroundings.clock;'
          : 'export const createHttpClient = () => surroundings.http;',
      };
    });
  },
};

/** Builds the handlers, with changes planted where there are any. `projectRoot` is a path. */
export async function buildHandlers(
  projectRoot: string,
  changes: readonly Change[] = [],
): Promise<BuiltHandlers> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    // One bundle, so that a change in any of them is planted in all.
    stdin: {
      contents: `
        export const sendMessage = () => require('./functions/send-message.ts');
        export const settleSend = () => require('./functions/settle-send.ts');
        export { runBatch } from './lib/aws/batch.ts';`,
      resolveDir: projectRoot,
    },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    write: false,
    logLevel: 'error',
    define: replaced,
    plugins: [handIn, plantChanges(changes, projectRoot)],
  });
  const code = outputFiles[0]?.text ?? '';
  const load = compileFunction(code, ['module', 'exports', 'require', 'surroundings']);
  const require = createRequire(join(projectRoot, 'package.json'));
  const environment = (surroundings?: Surroundings): Loaded => {
    const loaded: { exports: Partial<Loaded> } = { exports: {} };
    load(loaded, loaded.exports, require, surroundings);
    const { sendMessage, settleSend, runBatch } = loaded.exports;
    if (!sendMessage || !settleSend || !runBatch) throw new Error('The bundle lacks a handler.');
    return { sendMessage, settleSend, runBatch };
  };
  return {
    start(name, surroundings) {
      const { sendMessage, settleSend } = environment(surroundings);
      return (name === 'send-message' ? sendMessage() : settleSend()).handler;
    },
    runBatch: environment().runBatch,
  };
}

interface Loaded {
  readonly sendMessage: () => { readonly handler: Handler };
  readonly settleSend: () => { readonly handler: Handler };
  readonly runBatch: RunBatch;
}
