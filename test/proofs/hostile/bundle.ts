import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { asDeployed } from '../../../build.mjs';
import { type Change, plantChanges } from '../harness/planted-changes.ts';

/** The program of a process with the shipped sender in it, at a path. */
export interface ProcessBundle {
  readonly path: string;
  remove(): Promise<void>;
}

let builds = 0;

/** Bundles a file of this folder as the functions are, with changes planted where there are any. `projectRoot` is a path. */
export async function bundleProcess(
  file: string,
  projectRoot: string,
  changes: readonly Change[],
): Promise<ProcessBundle> {
  const path = join(projectRoot, `build/hostile/${process.pid}-${(builds += 1)}.cjs`);
  await build({
    ...asDeployed,
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, 'test/proofs/hostile', file)],
    outfile: path,
    sourcemap: false,
    logLevel: 'error',
    plugins: [plantChanges(changes, projectRoot)],
  });
  return { path, remove: () => rm(path) };
}
