import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What IAM calls the services of AWS's clients, where that is another name. */
const services: Readonly<Record<string, string>> = {
  'cloudwatch-logs': 'logs',
  'secrets-manager': 'secretsmanager',
};

/** What `relay doctor` and the alarms tell a person to type with the AWS CLI. */
const typedByHand = ['sqs:StartMessageMoveTask'];

const root = new URL('../../', import.meta.url);

/** The actions of every operation that a command of `relay` can ask AWS for at a stage, found in its sources. */
export async function operatorCalls(): Promise<Set<string>> {
  const calls = await Promise.all((await sources()).map(async (path) => callsIn(await read(path))));
  return new Set([...calls.flat(), ...typedByHand]);
}

/** What the command line is made of, leaving out the local stack, which asks AWS nothing. */
async function sources(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
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
    if (found.has(path) || path.startsWith('local/')) return;
    found.add(path);
    for (const each of metafile.inputs[path]?.imports ?? []) if (each.external !== true) visit(each.path);
  };
  visit('cli/main.ts');
  return [...found];
}

const read = (path: string) => readFile(new URL(path, root), 'utf8');

/** Such as `sqs:SendMessage`, also for a batch: IAM knows none. */
export function callsIn(source: string): string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([a-z-]+)'/g);
  return Array.from(imports).flatMap(([, names = '', client = '']) =>
    Array.from(
      names.matchAll(/\b(\w+?)(?:Batch)?Command\b/g),
      ([, operation = '']) => `${services[client] ?? client}:${operation}`,
    ),
  );
}
