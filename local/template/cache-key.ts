import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

export interface PackagingInputs {
  projectRoot: string;
  stage: string;
  region: string;
  /** Where `env:` in serverless.yml is looked up; the environment of the process by default. */
  env?: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CacheKey {
  /** Hex SHA-256 over everything the packaged template can depend on. */
  key: string;
  /** The names of the `env:` variables that serverless.yml and its files ask for. */
  environmentNames: string[];
  /** False when a `${file(...)}` has a path that only the serverless command can work out. */
  cacheable: boolean;
}

/** Raised when the way the key is computed or the cache's content changes. */
const cacheVersion = 'v1';

const alwaysRead = ['serverless.yml', 'package-lock.json', 'build.mjs'];

/** Computes the name under which a packaged template is cached. Files that do not exist count as such. */
export async function cacheKey({
  projectRoot,
  stage,
  region,
  env = process.env,
}: PackagingInputs): Promise<CacheKey> {
  const pending = [
    ...alwaysRead.map((file) => join(projectRoot, file)),
    ...(await filesBelow(join(projectRoot, 'resources'))),
  ];
  const contents = new Map<string, string>();
  const environmentNames = new Set<string>();
  let cacheable = true;

  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    const name = relative(projectRoot, file).split(sep).join('/');
    if (contents.has(name)) continue;
    const content = await readIfPresent(file);
    contents.set(name, content === undefined ? 'absent' : digest(content));
    if (content === undefined || name === 'package-lock.json') continue;
    const { paths, environment, known } = references(content, stage);
    cacheable &&= known;
    for (const path of paths) pending.push(resolve(projectRoot, path));
    for (const path of importsOf(content)) pending.push(resolve(file, '..', path));
    for (const variable of environment) environmentNames.add(variable);
  }

  const names = [...environmentNames].toSorted();
  const key = digest(
    JSON.stringify({
      cacheVersion,
      stage,
      region,
      files: [...contents].toSorted(([one], [other]) => (one < other ? -1 : 1)),
      environment: names.map((name) => [name, env[name] ?? null]),
    }),
  );
  return { key, environmentNames: names, cacheable };
}

/** What a file's text leads to: other files, local plugins, environment variables. */
function references(text: string, stage: string) {
  const paths: string[] = [];
  let known = true;
  for (const [, written = ''] of text.matchAll(/\bfile\(((?:\$\{[^}]*\}|[^)$])+)\)/g)) {
    const path = written
      .trim()
      .replaceAll(/\$\{(opt:stage|sls:stage|self:provider\.stage)(,[^}]*)?\}/g, stage);
    if (path.includes('${') || path.startsWith('~')) known = false;
    else paths.push(path);
  }
  for (const [, path = ''] of text.matchAll(/^\s*-\s+['"]?(\.\.?\/[\w./-]+)['"]?\s*$/gm)) paths.push(path);
  const environment = [...text.matchAll(/\benv:([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
  return { paths, environment, known };
}

/** What the TypeScript behind a plugin is made of. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/\bfrom '(\.\.?\/[^']+\.ts)'/g)].map(([, path = '']) => path);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? readFile(file, 'utf8') : undefined;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
