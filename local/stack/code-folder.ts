import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';

export interface CodeFolder {
  readonly path: string;
  /** Removes it. */
  close(): Promise<void>;
}

/**
 * Makes a folder for the bundles of one stack, named after this process, and removes those of processes that were
 * killed before they could.
 */
export async function openCodeFolder(projectRoot: string): Promise<CodeFolder> {
  const all = join(projectRoot, '.relay/code');
  const path = join(all, `${process.pid}.${randomUUID()}`);
  await mkdir(path, { recursive: true });
  const abandoned = (await readdir(all)).filter((name) => {
    const pid = /^(\d+)\./.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  await Promise.all(abandoned.map((name) => removeFolder(join(all, name))));
  return { path, close: () => removeFolder(path) };
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
