// Builds what ships: one CommonJS bundle for each file in functions/. `node build.mjs` builds by hand; as a plugin in
// serverless.yml it builds before every `serverless package` and `deploy`, so that a stale bundle can never ship.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Where the bundles are written: the handlers in serverless.yml name this folder. */
export const functionsDirectory = join(root, 'build/functions');

/**
 * Parts of the AWS SDK that never run here: ways to find credentials (Lambda sets them in the environment) and event
 * streams (no service in use has any). They are half of a bundled client, so a stub that throws stands in.
 */
const neverRun =
  /^(@aws-sdk\/(credential-provider-(sso|ini|process|web-identity|http|login)|nested-clients|token-providers)|@smithy\/(credential-provider-imds|core\/event-streams))(\/|$)/;

/**
 * Files of the SDK that never run here either: hashes for a Node without them, the region as an EC2 instance asks for it,
 * and a way to retry that one has to switch on.
 */
const neverRunFiles =
  /@smithy[/\\]core[/\\].*[/\\](Sha256Js|Md5Js|getInstanceMetadataRegion|AdaptiveRetryStrategy)\.js$/;

/**
 * Throws when something of it is called after all.
 *
 * @param {string} name
 */
const stubOf = (name) => `module.exports = new Proxy({}, { get: (_, member) => function () {
  throw new Error(String(member) + ' of ${name} is left out of this bundle');
} });`;

/** The SDK's own loader of settings, without the files. */
const settingsFromTheEnvironment = `
  import { chain } from '../property-provider/chain';
  import { memoize } from '../property-provider/memoize';
  import { fromEnv } from './fromEnv';
  import { fromStatic } from './fromStatic';
  export const loadConfig = ({ environmentVariableSelector, default: usual }, { signingName, logger } = {}) =>
    memoize(chain(fromEnv(environmentVariableSelector, { signingName, logger }), fromStatic(usual)));`;

/** The last of the SDK's ways to find credentials that is left, read once. */
const credentialsFromTheEnvironment = `
  import { fromEnv } from '@aws-sdk/credential-provider-env';
  import { memoize } from '@smithy/core/config';
  export const defaultProvider = (init) => memoize(fromEnv(init));`;

/** A class of the SDK for an error that has nothing of its own but a name. */
const plainError =
  /export class (\w+) extends __BaseException \{\s+static shapeId = ("[^"]+");\s+name = "\1";\s+\$fault = ("\w+");\s+constructor\(opts\) \{\s+super\(\{\s+name: "\1",\s+\$fault: \3,\s+\.\.\.opts,\s+\}\);\s+Object\.setPrototypeOf\(this, \1\.prototype\);\s+\}\s+\}/g;

/** The same classes, made by one function. */
const withShortErrors = (/** @type {string} */ source) => `${source.replaceAll(
  plainError,
  'export const $1 = /* @__PURE__ */ plainError("$1", $2, $3);',
)}
function plainError(name, shapeId, $fault) {
  return class extends __BaseException {
    static shapeId = shapeId;
    name = name;
    $fault = $fault;
    constructor(opts) {
      super({ name, $fault, ...opts });
      Object.setPrototypeOf(this, new.target.prototype);
    }
  };
}`;

/** @type {import('esbuild').Plugin} */
const leaveOutWhatNeverRuns = {
  name: 'leave-out-what-never-runs',
  setup(context) {
    context.onResolve({ filter: neverRun }, ({ path }) => ({ path, namespace: 'stub' }));
    context.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({ contents: stubOf(path) }));
    context.onLoad({ filter: neverRunFiles }, ({ path }) => ({ contents: stubOf(basename(path, '.js')) }));
    // Settings and credentials stand in the environment on Lambda: there are no files that the SDK could look for.
    context.onLoad({ filter: /node-config-provider[/\\]configLoader\.js$/ }, ({ path }) => ({
      contents: settingsFromTheEnvironment,
      resolveDir: dirname(path),
    }));
    context.onLoad({ filter: /@aws-sdk[/\\]credential-provider-node[/\\].*[/\\]index\.js$/ }, ({ path }) => ({
      contents: credentialsFromTheEnvironment,
      resolveDir: dirname(path),
    }));
    // DynamoDB's client makes a cache for endpoint discovery, which is off unless one switches it on.
    context.onLoad({ filter: /mnemonist[/\\]lru-cache\.js$/ }, () => ({
      contents: 'module.exports = class {};',
    }));
    // Every error of a service is a class of its own, all but a few with the same words.
    context.onLoad(
      { filter: /@aws-sdk[/\\]client-[^/\\]+[/\\]dist-es[/\\]models[/\\]errors\.js$/ },
      async ({ path }) => ({
        contents: withShortErrors(await readFile(path, 'utf8')),
        resolveDir: dirname(path),
      }),
    );
    // Nobody reads the SDK's own log. It would copy each request and each answer for it.
    context.onLoad({ filter: /middleware-logger[/\\]loggerMiddleware\.js$/ }, () => ({
      contents: `export const loggerMiddleware = () => (next) => next;
        export const loggerMiddlewareOptions = {};
        export const getLoggerPlugin = () => ({ applyToStack() {} });`,
    }));
    // Each client reads its own version for the user agent, and would bring the rest of the file along.
    context.onLoad({ filter: /@aws-sdk[/\\]client-[^/\\]+[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The names of the functions: the files of functions/, without their extension. */
export async function functionNames(projectRoot = root) {
  const files = await readdir(join(projectRoot, 'functions'));
  return files.filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'));
}

/**
 * How a function is bundled, and all that is compared with one or stands in for one. CommonJS, because the AWS SDK bundled as
 * ES modules loads twice as many of Node's built-ins at a cold start.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
export const asDeployed = /** @type {const} */ ({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
});

/**
 * Bundles every function into `directory`: one minified `<name>.cjs` and its source map each, and nothing else stays
 * there. Resolves to esbuild's metafile, which says what is in each bundle. A bundled program must say where the project is.
 */
export async function buildFunctions(directory = functionsDirectory, projectRoot = root) {
  const names = await functionNames(projectRoot);
  const { metafile, outputFiles } = await build({
    ...asDeployed,
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: name })),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    metafile: true,
    write: false,
    plugins: [leaveOutWhatNeverRuns],
  });
  await writeAll(outputFiles);
  const built = new Set(outputFiles.map(({ path }) => basename(path)));
  const stale = (await readdir(directory)).filter((file) => !built.has(file) && !file.endsWith('.tmp'));
  await Promise.all(stale.map((file) => rm(join(directory, file), { recursive: true, force: true })));
  return metafile;
}

/**
 * What is run here and never deployed; bundled, because Node 20 does not run TypeScript. Its packages stay in
 * node_modules.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
const forThisMachine = /** @type {const} */ ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  metafile: true,
  write: false,
  logLevel: 'warning',
});

/** Bundles a TypeScript program. Resolves to esbuild's metafile, whose inputs say when the bundle is stale. */
export async function buildProgram(/** @type {string} */ entry, /** @type {string} */ outfile) {
  const { metafile, outputFiles } = await build({ ...forThisMachine, entryPoints: [entry], outfile });
  await writeAll(outputFiles);
  return metafile;
}

/** A chunk that no bundle names any more stays for a day, in milliseconds: a running command may not have loaded it yet. */
const chunkLifeMs = 24 * 60 * 60 * 1000;

/**
 * Bundles the command line into `directory`: `relay.mjs`, and a chunk for each command, so that none pays for what
 * another one needs. Resolves to esbuild's metafile.
 */
export async function buildCommandLine(/** @type {string} */ directory) {
  const { metafile, outputFiles } = await build({
    ...forThisMachine,
    entryPoints: [{ in: 'cli/main.ts', out: 'relay' }],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
  });
  const isEntry = (/** @type {{ path: string }} */ { path }) => dirname(path) === directory;
  // What names the chunks comes last.
  await writeAll(outputFiles.filter((file) => !isEntry(file)));
  await writeAll(outputFiles.filter(isEntry));
  await removeOldChunks(join(directory, 'chunks'), new Set(outputFiles.map(({ path }) => path)));
  return metafile;
}

async function removeOldChunks(/** @type {string} */ directory, /** @type {Set<string>} */ current) {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (current.has(path)) continue;
    // Another build at the same time renames its files, and may remove an old one first.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > chunkLifeMs) await rm(path, { force: true });
  }
}

/** Writes files so that whoever reads one meanwhile sees the old or the new one whole. */
async function writeAll(/** @type {import('esbuild').OutputFile[]} */ files) {
  for (const { path, contents } of files) {
    const temporary = `${path}.${process.pid}-${randomUUID()}.tmp`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, contents);
    await rename(temporary, path);
  }
}

/** The plugin of serverless.yml. */
export default class BuildFunctions {
  hooks = {
    'before:package:createDeploymentArtifacts': () => buildFunctions(),
    'before:deploy:function:packageFunction': () => buildFunctions(),
  };
}

// No top-level await here: the serverless command loads this file with require(). Nor in a program that it is bundled into.
const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self && basename(self) === 'build.mjs') {
  void buildFunctions().then(({ outputs }) => {
    for (const [file, { bytes }] of Object.entries(outputs)) {
      if (file.endsWith('.cjs')) process.stdout.write(`${file}  ${(bytes / 1024).toFixed(1)} KiB\n`);
    }
  });
}
