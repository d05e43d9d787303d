import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildFunctions } from '../../../build.mjs';

/** What IAM calls the services of AWS's clients, where that is another name. */
const services: Readonly<Record<string, string>> = {
  'cloudwatch-logs': 'logs',
  'secrets-manager': 'secretsmanager',
};

/** The actions of every operation that `relay` can ask AWS for at a deployed stage, found in its sources. */
export async function operationsOfRelay(projectRoot: string): Promise<Set<string>> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['cli/main.ts'],
    outdir: 'unused',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
  });
  const found = new Set<string>();
  const visit = (path: string) => {
    // The local stack asks AWS nothing.
    if (found.has(path) || path.startsWith('local/')) return;
    found.add(path);
    for (const each of metafile.inputs[path]?.imports ?? []) if (each.external !== true) visit(each.path);
  };
  visit('cli/main.ts');
  return operationsIn([...found], projectRoot);
}

/** The actions of every operation in the bundle of each function, by its name. */
export async function operationsOfFunctions(projectRoot: string): Promise<Map<string, Set<string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-bundles-'));
  try {
    const { outputs } = await buildFunctions(folder, projectRoot);
    const bundles = Object.entries(outputs).filter(([file]) => file.endsWith('.cjs'));
    return new Map(
      await Promise.all(
        bundles.map(async ([file, { inputs }]) => {
          const own = Object.keys(inputs).filter((path) => /^(functions|lib)\//.test(path));
          const name = file.replace(/^.*\/(.*)\.cjs$/, '$1');
          return [name, await operationsIn(own, projectRoot)] as const;
        }),
      ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function operationsIn(paths: readonly string[], projectRoot: string): Promise<Set<string>> {
  const sources = await Promise.all(paths.map((path) => readFile(join(projectRoot, path), 'utf8')));
  return new Set(sources.flatMap(operationsInSource));
}

/** Such as `sqs:SendMessage`, also for a batch: IAM knows none. */
export function operationsInSource(source: string): string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([a-z-]+)'/g);
  return Array.from(imports).flatMap(([, names = '', client = '']) =>
    Array.from(
      names.matchAll(/\b(\w+?)(?:Batch)?Command\b/g),
      ([, operation = '']) => `${services[client] ?? client}:${operation}`,
    ),
  );
}
