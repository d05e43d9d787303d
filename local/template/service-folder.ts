import { copyFile, mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What `serverless package` makes for itself, and what is no part of a service. */
const leftOut = new Set(['.git', '.relay', '.serverless', 'build']);

/**
 * Makes a folder that looks like the project to the serverless command, which empties `.serverless/` before it begins
 * and works in there, whatever folder it is told to put its result into: run in the project itself, it would take a
 * person's package away, even amid a deploy. Folders are linked. Files are copied: what a file at the top leads to
 * (build.mjs writes beside itself) is to stay here, too.
 */
export async function makeServiceFolder(projectRoot: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(projectRoot)).filter((name) => !leftOut.has(name));
  for (const name of names) {
    const entry = await realpath(join(projectRoot, name)).catch(() => undefined);
    // A link that leads nowhere.
    if (entry === undefined) continue;
    const kind = await stat(entry);
    // A junction is what Windows lets everybody make; elsewhere the word means nothing.
    if (kind.isDirectory()) await symlink(entry, join(folder, name), 'junction');
    else if (kind.isFile()) await copyFile(entry, join(folder, name));
  }
}
