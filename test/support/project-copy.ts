import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const thisProject = fileURLToPath(new URL('../..', import.meta.url));

/** What the commands of the project need of it. */
const parts = [
  'functions',
  'lib',
  'connectly-events',
  'cli',
  'local',
  'build.mjs',
  'serverless.yml',
  'resources',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
];

export interface ProjectCopy {
  /** Without a slash at its end. */
  readonly root: string;
  path(file: string): string;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Replaces text in a file. Rejects when nothing changes: a test must not go on with an unchanged file. */
  edit(
    file: string,
    ...replacements: readonly (readonly [search: string | RegExp, to: string])[]
  ): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Copies the project to a temporary folder, whose files a test may change and whose commands it may run. Packages are
 * shared with the project; templates that the project has packaged already are copied, because packaging takes seconds.
 * A bundled program must say where the project is.
 */
export async function copyProject(projectRoot = thisProject): Promise<ProjectCopy> {
  const copy = await emptyProject(projectRoot);
  for (const part of parts) await cp(join(projectRoot, part), copy.path(part), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), copy.path('node_modules'), 'dir');
  await copyIfPresent('.relay/cache/templates');
  return copy;

  async function copyIfPresent(folder: string): Promise<void> {
    try {
      await cp(join(projectRoot, folder), copy.path(folder), { recursive: true });
    } catch (error) {
      // Absent, or another process has just replaced one of its files: then it is packaged anew.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

/** A temporary folder with the project's manifest alone, for commands that ask the project for nothing else. */
export async function emptyProject(projectRoot = thisProject): Promise<ProjectCopy> {
  // The real path: programs report where they are without symbolic links.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'relay-project-')));
  await cp(join(projectRoot, 'package.json'), join(root, 'package.json'));
  const path = (file: string) => join(root, file);
  return {
    root,
    path,
    read: (file) => readFile(path(file), 'utf8'),
    async write(file, text) {
      await mkdir(join(path(file), '..'), { recursive: true });
      await writeFile(path(file), text);
    },
    async edit(file, ...replacements) {
      let text = await readFile(path(file), 'utf8');
      for (const [search, to] of replacements) {
        const changed = text.replace(search, to);
        if (changed === text) throw new Error(`${file} has nothing like ${String(search)}.`);
        text = changed;
      }
      await writeFile(path(file), text);
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
