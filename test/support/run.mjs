// Runs a TypeScript program: `node test/support/run.mjs <entry.ts> [arguments]`. Node 20 does not run TypeScript, so
// the program is bundled first; it then runs in this process, and its exit code is this one's.
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildProgram } from '../../build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles `entry` and resolves to the bundle's path. */
async function bundle(/** @type {string} */ entry) {
  const path = relative(root, entry).replace(/\.ts$/, '.mjs');
  if (path.startsWith('..') || isAbsolute(path)) throw new Error(`${entry} is outside of ${root}`);
  const finished = join(root, 'build/programs', path);
  // Two runs of one program may start together: each writes beside and moves its bundle into place, which is atomic.
  // The place beside is as deep as the final one, because a source map names its sources by relative paths.
  const besides = join(root, `build/programs-${process.pid}`);
  try {
    await buildProgram(entry, join(besides, path));
    await mkdir(dirname(finished), { recursive: true });
    await rename(join(besides, `${path}.map`), `${finished}.map`);
    await rename(join(besides, path), finished);
  } finally {
    await rm(besides, { recursive: true, force: true });
  }
  return finished;
}

const [entry, ...programArguments] = process.argv.slice(2);
if (entry === undefined || !entry.endsWith('.ts')) {
  process.stderr.write('Usage: node test/support/run.mjs <entry.ts> [arguments]\n');
  process.exitCode = 2;
} else {
  const program = resolve(entry);
  const bundled = await bundle(program);
  process.argv = [process.argv[0] ?? process.execPath, program, ...programArguments];
  process.setSourceMapsEnabled(true);
  // That the AWS SDK will leave Node 20 behind is no news for whoever runs a program here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  await import(pathToFileURL(bundled).href);
}
