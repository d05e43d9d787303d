import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { zipEntries } from '../support/zip-entries.ts';
import { dataIs } from '../template/data-rules.ts';
import { noWildcards } from '../template/policy-rules.ts';
import { readTemplate, type Template } from '../template/template.ts';

const run = promisify(execFile);

/** The zips of one packaging by file name, and its template. */
interface Package {
  readonly zips: ReadonlyMap<string, Buffer>;
  readonly template: Template;
}

let copy: ProjectCopy;
let home: string;
let prod: Package;
let prodAgain: Package;

/** `serverless package` as a person without an AWS account or a login runs it. */
async function packageProject(...options: string[]): Promise<Package> {
  await run(process.execPath, ['node_modules/.bin/serverless', 'package', ...options], {
    cwd: copy.root,
    env: { PATH: process.env['PATH'], HOME: home },
  });
  const folder = copy.path('.serverless');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const zips = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  const template = await copy.read('.serverless/cloudformation-template-update-stack.json');
  return { zips: new Map(zips), template: readTemplate(JSON.parse(template)) };
}

function entriesOf({ zips }: Package, zip: string): ReadonlyMap<string, Buffer> {
  return zipEntries(zips.get(zip) ?? Buffer.alloc(0));
}

beforeAll(async () => {
  copy = await copyProject();
  home = await mkdtemp(join(tmpdir(), 'relay-home-'));
  // What a build that was killed half-way leaves behind, and what an older version built.
  await copy.write('build/functions/send-message.cjs.1-2.tmp', 'half a bundle');
  await copy.write('build/functions/send-message.old.cjs', 'old');
  prod = await packageProject('--stage', 'prod');
  prodAgain = await packageProject('--stage', 'prod');
  await run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { buildFunctions } from ${JSON.stringify(copy.path('build.mjs'))};
     await buildFunctions(${JSON.stringify(copy.path('build/fresh'))});`,
  ]);
}, 120_000);

afterAll(async () => {
  await copy.remove();
  await rm(home, { recursive: true, force: true });
});

const bundles = {
  'receiveWebhook.zip': 'receive-webhook',
  'sendMessage.zip': 'send-message',
  'settleSend.zip': 'settle-send',
};

describe('The package', () => {
  it('is one zip for each function, each with one bundle and its source map', async () => {
    const contents = [...prod.zips].map(([name, zip]) => [name, [...zipEntries(zip).keys()].toSorted()]);

    expect(Object.fromEntries(contents)).toEqual(
      Object.fromEntries(
        Object.entries(bundles).map(([zip, name]) => [
          zip,
          [`build/functions/${name}.cjs`, `build/functions/${name}.cjs.map`],
        ]),
      ),
    );
  });

  it.each(Object.entries(bundles))('holds in %s what a fresh build makes', async (zip, name) => {
    const entries = entriesOf(prod, zip);

    for (const file of [`${name}.cjs`, `${name}.cjs.map`]) {
      const fresh = await readFile(copy.path(`build/fresh/${file}`));
      expect(entries.get(`build/functions/${file}`)?.equals(fresh)).toBe(true);
    }
  });

  it('is the same to the byte when nothing has changed', () => {
    expect([...prodAgain.zips.keys()]).toEqual([...prod.zips.keys()]);
    for (const [name, zip] of prod.zips) expect(prodAgain.zips.get(name)?.equals(zip)).toBe(true);
  });

  it('holds a change of a source when packaged bare, without a build folder', {
    timeout: 60_000,
  }, async () => {
    await rm(copy.path('build'), { recursive: true });
    await copy.edit('lib/webhook/answer.ts', ["'Queued'", "'Put on the queue'"]);

    const afterChange = await packageProject();

    const file = 'build/functions/receive-webhook.cjs';
    expect(entriesOf(prod, 'receiveWebhook.zip').get(file)?.includes('Put on the queue')).toBe(false);
    expect(entriesOf(afterChange, 'receiveWebhook.zip').get(file)?.includes('Put on the queue')).toBe(true);
    // Bare means the stage dev, whose data goes with its stack.
    expect(dataIs('Delete')(afterChange.template)).toEqual([]);
    expect(noWildcards(afterChange.template)).toEqual([]);
  });
});
