import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { packagedTemplate } from '../../../../local/template/package.ts';
import { createStubProject, type StubProject } from './stub-project.ts';

let project: StubProject;

beforeEach(async () => {
  project = await createStubProject();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await project.remove();
});

const packaged = (change: { stage?: string; region?: string; log?: (line: string) => void } = {}) =>
  packagedTemplate({ projectRoot: project.root, stage: 'dev', region: 'eu-west-1', ...change });

const cachedFiles = () => readdir(join(project.root, '.relay/cache/templates'));

describe('The packaged template is cached by content', () => {
  test('the second call does not run the command', async () => {
    const first = await packaged();

    const second = await packaged();

    expect([first.cacheHit, second.cacheHit]).toEqual([false, true]);
    expect(second.template).toEqual(first.template);
    expect(await project.runs()).toBe(1);
  });

  test.each([
    ['serverless.yml', 'serverless.yml', 'service: shop # changed\n'],
    ['the lock file', 'package-lock.json', '{"a":1}'],
    ['the build script', 'build.mjs', '// changed'],
    ['a file in resources/', 'resources/queues.yml', 'a: 1'],
  ])('a change of %s runs it again', async (_name, file, content) => {
    await packaged();

    await project.write(file, content);
    const { cacheHit } = await packaged();

    expect(cacheHit).toBe(false);
  });

  test('a change of a file that serverless.yml leads to runs it again, however deep', async () => {
    await project.write(
      'serverless.yml',
      "custom: ${file(./config/${sls:stage}.yml)}\nplugins:\n  - './plugin.mjs'\n",
    );
    await project.write('config/dev.yml', 'limits: ${file(config/limits.json):dev}');
    await project.write('config/limits.json', '1');
    await packaged();
    const hits: boolean[] = [];

    for (const file of ['config/limits.json', 'config/dev.yml', 'plugin.mjs']) {
      await project.write(file, '2');
      hits.push((await packaged()).cacheHit);
    }

    expect(hits).toEqual([false, false, false]);
  });

  test('a change of a source that the TypeScript in resources/ imports runs it again, however deep', async () => {
    await project.write('resources/alarms.ts', "import {\n  metrics,\n} from '../lib/metrics.ts';\n");
    await project.write('lib/metrics.ts', "export { metrics } from './names.ts';\n");
    await project.write('lib/names.ts', '1');
    await project.write('lib/other.ts', '1');
    await packaged();

    await project.write('lib/other.ts', '2');
    const unrelated = await packaged();
    await project.write('lib/names.ts', '2');
    const imported = await packaged();

    expect([unrelated.cacheHit, imported.cacheHit]).toEqual([true, false]);
  });

  test('another stage and another region have templates of their own', async () => {
    await packaged();

    const stage = await packaged({ stage: 'prod' });
    const region = await packaged({ region: 'us-east-1' });

    expect([stage.cacheHit, region.cacheHit]).toEqual([false, false]);
    expect(stage.template).toMatchObject({ args: expect.arrayContaining(['--stage', 'prod']) });
    expect(region.template).toMatchObject({ args: expect.arrayContaining(['--region', 'us-east-1']) });
  });

  test('a variable that serverless.yml asks for counts, any other does not', async () => {
    await project.write('serverless.yml', 'custom: ${env:RELAY_TEST_COLOUR}\n');
    vi.stubEnv('RELAY_TEST_COLOUR', 'red');
    await packaged();

    vi.stubEnv('RELAY_TEST_SHAPE', 'round');
    const other = await packaged();
    vi.stubEnv('RELAY_TEST_COLOUR', 'blue');
    const named = await packaged();

    expect([other.cacheHit, named.cacheHit]).toEqual([true, false]);
    expect(named.template).toMatchObject({ env: { RELAY_TEST_COLOUR: 'blue' } });
  });

  test('a path that only the command can work out is never cached', async () => {
    await project.write('serverless.yml', 'custom: ${file(./${param:where}.yml)}\n');
    await packaged();

    const { cacheHit } = await packaged();

    expect(cacheHit).toBe(false);
  });

  test('a damaged entry is packaged again', async () => {
    await packaged();
    const [entry = ''] = await cachedFiles();
    await writeFile(join(project.root, '.relay/cache/templates', entry), '{"half":');

    const { cacheHit } = await packaged();

    expect(cacheHit).toBe(false);
    expect(await project.runs()).toBe(2);
  });

  test('calls at the same time share one run', async () => {
    const results = await Promise.all([packaged(), packaged(), packaged()]);

    expect(results).toHaveLength(3);
    expect(await project.runs()).toBe(1);
  });

  test('only the newest eight are kept, and nothing else is left behind', async () => {
    for (let count = 0; count < 10; count += 1) await packaged({ stage: `stage${count}` });

    const left = await readdir(join(project.root, '.relay/cache'), { recursive: true });

    expect(left.filter((name) => name.endsWith('.json'))).toHaveLength(8);
    expect(left).toHaveLength(9);
    expect((await packaged({ stage: 'stage9' })).cacheHit).toBe(true);
    expect((await packaged({ stage: 'stage0' })).cacheHit).toBe(false);
  });

  test('one sentence says that it is packaging, and none that it is not', async () => {
    const lines: string[] = [];

    await packaged({ log: (line) => lines.push(line) });
    await packaged({ log: (line) => lines.push(line) });

    expect(lines).toEqual([expect.stringContaining('Packaging serverless.yml for stage dev')]);
  });
});

describe('The command runs apart from the project', () => {
  test('a package that somebody has made stays, and so do the bundles and the files at the top', async () => {
    const files = ['.serverless/mine.zip', 'build/functions/mine.cjs', 'build.mjs'];
    for (const file of files) await project.write(file, 'mine');

    await packaged();

    const contents = await Promise.all(files.map((file) => readFile(join(project.root, file), 'utf8')));
    expect(contents).toEqual(['mine', 'mine', 'mine']);
  });

  test('it finds the folders of the project, and does not mind a link that leads nowhere', async () => {
    await project.write('resources/queues.yml', 'a: 1');
    await symlink(join(project.root, 'nowhere'), join(project.root, 'dangling'));

    const { template } = await packaged();

    expect(template).toMatchObject({ queues: 'a: 1' });
  });
});

describe('The command runs apart from the account of the person', () => {
  test('it gets no credentials, even when serverless.yml asks for them, and looks for none', async () => {
    await project.write('serverless.yml', 'custom: ${env:AWS_SECRET_ACCESS_KEY} ${env:AWS_PROFILE}\n');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_PROFILE', 'company');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://example.com');

    const { template } = await packaged();

    expect(template).toMatchObject({ env: { AWS_EC2_METADATA_DISABLED: 'true' } });
    expect(JSON.stringify(template)).not.toMatch(/"secret"|company|example\.com/);
  });

  test('a failure carries its own words, without colours, and the file to look at', async () => {
    await project.write('serverless.yml', '# FAIL\n');

    const failure = packaged();

    await expect(failure).rejects.toMatchObject({ code: 'packaging-failed' });
    await expect(failure).rejects.toThrow(
      /serverless package --stage dev failed \(exit code 1\)\. Look at serverless\.yml in .*\nIn [^\n]*relay-package-\w+\nError: Cannot resolve variable at "custom\.x"/,
    );
  });

  test('a failure of the bundles leads to the functions', async () => {
    await project.write('serverless.yml', '# BUNDLE\n');

    const failure = packaged();

    await expect(failure).rejects.toThrow(
      /Look at functions\/ and build\.mjs.*\nfunctions\/receive-webhook\.ts:3:7: ERROR/,
    );
  });

  test('a failure leaves no entry and no folder, and the next call tries again', async () => {
    await project.write('serverless.yml', '# FAIL\n');
    await packaged().catch(() => undefined);

    const again = packaged();

    await expect(again).rejects.toThrow();
    expect(await readdir(join(project.root, '.relay/cache'))).toEqual([]);
    expect(await project.runs()).toBe(2);
  });

  test('a command that is not installed is said so', async () => {
    await rm(join(project.root, 'node_modules'), { recursive: true });

    const failure = packaged();

    await expect(failure).rejects.toThrow(/not installed in .*: run npm install there/);
  });

  test('a command that names no script is said so', async () => {
    await project.write('node_modules/serverless/package.json', '{}');

    const failure = packaged();

    await expect(failure).rejects.toMatchObject({ code: 'packaging-failed' });
  });
});
