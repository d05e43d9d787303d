// The handlers as lib/compose wires them, with an environment's surroundings handed in: every call of `start` is a fresh
// execution environment.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import type { Outside } from '../../../lib/compose/outside.ts';
import { type Change, plantChanges } from '../harness/planted-changes.ts';

/** What an execution environment finds around itself. */
export interface Surroundings extends Outside {
  readonly env: Readonly<Record<string, string>>;
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

interface Loaded {
  readonly start: BuiltHandlers['start'];
  readonly runBatch: RunBatch;
}

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
        import { composeSendMessage } from './lib/compose/send-message.ts';
        import { composeSettleSend } from './lib/compose/settle-send.ts';
        import { readSendConfig, readSettleConfig } from './lib/config.ts';
        export { runBatch } from './lib/aws/batch.ts';
        export const start = (name, { env, ...outside }) =>
          name === 'send-message'
            ? composeSendMessage(readSendConfig(env), outside)
            : composeSettleSend(readSettleConfig(env), outside);`,
      resolveDir: projectRoot,
    },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    write: false,
    logLevel: 'error',
    plugins: [plantChanges(changes, projectRoot)],
  });
  const load = compileFunction(outputFiles[0]?.text ?? '', ['module', 'exports', 'require']);
  const loaded: { exports: Partial<Loaded> } = { exports: {} };
  load(loaded, loaded.exports, createRequire(join(projectRoot, 'package.json')));
  const { start, runBatch } = loaded.exports;
  if (!start || !runBatch) throw new Error('The bundle lacks a handler.');
  return { start, runBatch };
}
