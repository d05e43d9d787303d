import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import { type Change, plantChanges } from '../planted-changes.ts';

/** What the code of a function finds around it, and everything else is Node's own. */
export interface Globals {
  readonly process: object;
  readonly console: object;
  readonly Date: DateConstructor;
  readonly Math: Math;
  readonly setTimeout: (run: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly Error: ErrorConstructor;
}

/** A deployed function's code; every start gives it a module scope of its own, as a cold start does. */
export interface FunctionCode {
  /** Throws what the module scope throws. `modules` take the place of packages and of Node's modules. */
  start(globals: Globals, modules: Readonly<Record<string, object>>): Handler;
}

export type Handler = (event: unknown, context: object) => Promise<unknown>;

export type FunctionName = 'receive-webhook' | 'send-message' | 'settle-send';

/**
 * Bundles the files of functions/ as they are deployed, but for the packages, which stay outside so that a stand can
 * take the place of the AWS clients. `projectRoot` is a path.
 */
export async function buildFunctionCode(
  names: readonly FunctionName[],
  projectRoot: string,
  changes: readonly Change[] = [],
): Promise<ReadonlyMap<FunctionName, FunctionCode>> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: name })),
    outdir: 'build/deployed',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    write: false,
    logLevel: 'warning',
    plugins: [plantChanges(changes, projectRoot)],
  });
  const require = createRequire(join(projectRoot, 'package.json'));
  return new Map(
    names.map((name) => {
      const file = outputFiles.find(({ path }) => path.endsWith(`${name}.js`));
      if (file === undefined) throw new Error(`esbuild has made no ${name}`);
      return [name, functionCode(name, file.text, require)];
    }),
  );
}

const parameters = [
  'require',
  'module',
  'process',
  'console',
  'Date',
  'Math',
  'setTimeout',
  'clearTimeout',
  'Error',
];

function functionCode(name: string, text: string, require: NodeJS.Require): FunctionCode {
  const run = compileFunction(text, parameters, { filename: `${name}.cjs` });
  return {
    start({ process, console, Date, Math, setTimeout, clearTimeout, Error }, modules) {
      const module: { exports: unknown } = { exports: {} };
      const load = (id: string): unknown => (Object.hasOwn(modules, id) ? modules[id] : require(id));
      run(load, module, process, console, Date, Math, setTimeout, clearTimeout, Error);
      return handlerOf(name, module.exports);
    },
  };
}

function handlerOf(name: string, exports: unknown): Handler {
  const handler: unknown =
    typeof exports === 'object' && exports !== null && 'handler' in exports ? exports.handler : undefined;
  if (typeof handler !== 'function') throw new TypeError(`functions/${name}.ts exports no handler`);
  return async (event, context) => {
    const answer: unknown = await handler(event, context);
    return answer;
  };
}

/** Throws for a function that was not built. */
export function codeOf(functions: ReadonlyMap<FunctionName, FunctionCode>, name: FunctionName): FunctionCode {
  const code = functions.get(name);
  if (code === undefined) throw new Error(`${name} was not built`);
  return code;
}
