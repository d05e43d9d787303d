#!/usr/bin/env node
// Node 20 does not run TypeScript: this starts the bundled command line, and bundles it first when it is missing or
// older than one of its sources.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = join(root, 'build/cli');
const bundle = join(directory, 'relay.mjs');
const inputsFile = join(directory, 'inputs.json');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`relay needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(3);
}

async function isCurrent() {
  try {
    /** @type {string[]} */
    const inputs = JSON.parse(await readFile(inputsFile, 'utf8'));
    const { mtimeMs: builtAt } = await stat(bundle);
    const changes = await Promise.all(inputs.map((file) => stat(join(root, file))));
    return changes.every(({ mtimeMs }) => mtimeMs < builtAt);
  } catch {
    return false;
  }
}

async function bundleCommandLine() {
  const { buildCommandLine } = await import('../build.mjs');
  const { inputs } = await buildCommandLine(directory);
  await writeFile(inputsFile, JSON.stringify(Object.keys(inputs)));
}

try {
  if (!(await isCurrent())) await bundleCommandLine();
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  process.stderr.write('The packages are not installed yet. Run: npm ci\n');
  process.exit(3);
}
// The SDK's notice that it will leave Node 20 behind is about the next upgrade, not about this command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const { main } = await import(pathToFileURL(bundle).href);
// Where nothing is left to wait for, Node ends before an answer has come: that is no success.
process.exitCode = 1;
process.exitCode = await main({
  argv: process.argv.slice(2),
  projectRoot: root,
  io: {
    // Opened by those alone who read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signals: process,
    exit: (/** @type {number} */ code) => process.exit(code),
  },
});
