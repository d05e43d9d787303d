import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface StubProject {
  readonly root: string;
  write(file: string, content: string): Promise<void>;
  /** How often the command has run. */
  runs(): Promise<number>;
  remove(): Promise<void>;
}

/** Stands in for the serverless command: empties its folder, and writes a template that shows what it was called with. */
const stubCommand = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const args = process.argv.slice(2);
rmSync('.serverless', { recursive: true, force: true });
mkdirSync('.serverless');
mkdirSync('build');
writeFileSync('build.mjs', 'overwritten');
const service = readFileSync('serverless.yml', 'utf8');
const queues = existsSync('resources/queues.yml') ? readFileSync('resources/queues.yml', 'utf8') : null;
appendFileSync(join(__dirname, '../../../runs.log'), 'x');
if (service.includes('FAIL')) {
  console.error('In ' + process.cwd());
  console.error('\\u001b[31mError:\\u001b[39m Cannot resolve variable at "custom.x"');
  process.exit(1);
}
if (service.includes('BUNDLE')) {
  console.error('../../../functions/receive-webhook.ts:3:7: ERROR: Expected ";"');
  process.exit(1);
}
writeFileSync('.serverless/cloudformation-template-update-stack.json', JSON.stringify({ service, args, queues, env: process.env }));
`;

export async function createStubProject(service = 'service: shop\n'): Promise<StubProject> {
  const root = await mkdtemp(join(tmpdir(), 'relay-package-'));
  const write = async (file: string, content: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  };
  await write('serverless.yml', service);
  await write('package-lock.json', '{}');
  await write('build.mjs', '');
  await write('node_modules/serverless/package.json', '{"bin":{"serverless":"bin/serverless.js"}}');
  await write('node_modules/serverless/bin/serverless.js', stubCommand);
  return {
    root,
    write,
    runs: async () => (await readFile(join(root, 'runs.log'), 'utf8').catch(() => '')).length,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
