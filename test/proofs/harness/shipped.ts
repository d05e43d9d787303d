import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import type { runBatch } from '../../../lib/aws/batch.ts';
import type { composeReceiveWebhook } from '../../../lib/compose/receive-webhook.ts';
import type { composeSendMessage } from '../../../lib/compose/send-message.ts';
import type { composeSettleSend } from '../../../lib/compose/settle-send.ts';
import { type Change, plantChanges } from './planted-changes.ts';

interface Functions {
  readonly 'receive-webhook': typeof composeReceiveWebhook;
  readonly 'send-message': typeof composeSendMessage;
  readonly 'settle-send': typeof composeSettleSend;
}

export type FunctionName = keyof Functions;

/** Events come from outside: nobody promises what they are. */
export type Handler<Name extends FunctionName = FunctionName> = (
  event: unknown,
  context: Parameters<ReturnType<Functions[Name]>>[1],
) => ReturnType<ReturnType<Functions[Name]>>;

type Outside<Name extends FunctionName> = Parameters<Functions[Name]>[1];

/** What one execution environment finds around it. The HTTP client is the shipped one unless another is given. */
export type Surroundings<Name extends FunctionName> = Omit<Outside<Name>, 'createHttpClient'> &
  Partial<Pick<Outside<'send-message'>, 'createHttpClient'>> & {
    readonly variables: Variables;
    /** What the code may reach for without being handed it; all that is missing throws. */
    readonly globals?: Partial<Globals>;
    /** What takes the place of packages and of Node's modules. */
    readonly modules?: Readonly<Record<string, object>>;
  };

export type Variables = Readonly<Record<string, string | undefined>>;

/** The functions of lib/compose, as they ship or with a change planted. */
export interface Shipped {
  /** Starts an execution environment with a module scope of its own. Throws what a cold start throws. */
  start<Name extends FunctionName>(name: Name, surroundings: Surroundings<Name>): Handler<Name>;
  /** A part of it, for a proof of it alone. */
  readonly runBatch: typeof runBatch;
  /** The files of lib/ that it is made of. */
  readonly files: readonly string[];
}

/** Time, chance and outputs of the machine, of which nothing may reach the code unless a proof hands it in. */
const ambient = {
  Date: new Proxy(Date, {
    construct: (target, given): object =>
      given.length === 0 ? outOfReach('new Date()') : Reflect.construct(target, given),
    get: (target, name, receiver): unknown =>
      name === 'now' ? () => outOfReach('Date.now') : Reflect.get(target, name, receiver),
  }),
  Math: Object.create(Math, { random: { value: () => outOfReach('Math.random') } }) as unknown,
  process: throwing('process'),
  console: throwing('console'),
  performance: throwing('performance'),
  crypto: throwing('crypto'),
  setTimeout: () => outOfReach('setTimeout'),
  setInterval: () => outOfReach('setInterval'),
  setImmediate: () => outOfReach('setImmediate'),
  clearTimeout: () => outOfReach('clearTimeout'),
  Error,
};

export type Globals = Record<keyof typeof ambient, unknown>;

function throwing(name: string): object {
  return new Proxy({}, { get: (_, member) => outOfReach(`${name}.${String(member)}`) });
}

function outOfReach(name: string): never {
  throw new Error(`The code reaches for ${name} instead of what lib/compose is handed.`);
}

/** Bundles lib/compose, with changes planted where there are any. `projectRoot` is a path. */
export async function buildShipped(projectRoot: string, changes: readonly Change[] = []): Promise<Shipped> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectRoot,
    stdin: { contents: entry, resolveDir: projectRoot },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The same classes of the SDK as the proofs use.
    packages: 'external',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [plantChanges(changes, projectRoot)],
  });
  const names = ['require', 'module', ...Object.keys(ambient)];
  const run = compileFunction(outputFiles[0]?.text ?? '', names, { filename: 'shipped.cjs' });
  const require = createRequire(join(projectRoot, 'package.json'));

  function load(globals: Partial<Globals> = {}, modules: Readonly<Record<string, object>> = {}): Loaded {
    const module: { exports: Partial<Loaded> } = { exports: {} };
    const find = (id: string): unknown => (Object.hasOwn(modules, id) ? modules[id] : require(id));
    run(find, module, ...Object.values({ ...ambient, ...globals }));
    const { functions, runBatch: runner } = module.exports;
    if (!functions || !runner) throw new Error('The bundle lacks what it should export.');
    return { functions, runBatch: runner };
  }

  return {
    start(name, { variables, globals, modules, ...outside }) {
      return load(globals, modules).functions[name](variables, outside);
    },
    runBatch: load().runBatch,
    files: Object.keys(metafile.inputs).filter((file) => file.startsWith('lib/')),
  };
}

const entry = `
  import { composeReceiveWebhook } from './lib/compose/receive-webhook.ts';
  import { composeSendMessage } from './lib/compose/send-message.ts';
  import { composeSettleSend } from './lib/compose/settle-send.ts';
  import { readReceiveConfig, readSendConfig, readSettleConfig } from './lib/config.ts';
  import { createHttpClient } from './lib/connectly/http.ts';
  export { runBatch } from './lib/aws/batch.ts';
  export const functions = {
    'receive-webhook': (variables, outside) => composeReceiveWebhook(readReceiveConfig(variables), outside),
    'send-message': (variables, outside) =>
      composeSendMessage(readSendConfig(variables), { createHttpClient, ...outside }),
    'settle-send': (variables, outside) => composeSettleSend(readSettleConfig(variables), outside),
  };`;

interface Loaded {
  readonly functions: {
    readonly [Name in FunctionName]: (variables: Variables, outside: object) => Handler<Name>;
  };
  readonly runBatch: typeof runBatch;
}
