import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagedTemplate } from '../../../local/template/package.ts';
import { described } from '../../unit/local/template/local-names.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const sources = [
  'serverless.yml',
  'resources',
  'build.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'functions',
  'lib',
];

// A copy, because packaging empties and fills build/functions, which other tests run.
let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'relay-template-'));
  await mkdir(copy, { recursive: true });
  for (const source of sources) await cp(join(projectRoot, source), join(copy, source), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), join(copy, 'node_modules'), 'dir');
});

afterAll(() => rm(copy, { recursive: true, force: true }));

const describeCopy = async () => {
  const { template, cacheHit } = await packagedTemplate({
    projectRoot: copy,
    stage: 'dev',
    region: 'eu-west-1',
  });
  return { description: described(template), cacheHit };
};

describe('The project as it is packaged', () => {
  test('is understood, and a number or a route changed in serverless.yml or resources/ shows', {
    timeout: 120_000,
  }, async () => {
    const { description: before } = await describeCopy();
    const file = join(copy, 'serverless.yml');
    const original = await readFile(file, 'utf8');
    const changed = original
      .replace('webhookPath: /webhooks', 'webhookPath: /changed')
      .replaceAll(/(\n +)timeout: \d+/g, '$1timeout: 57')
      .replaceAll(/\bbatchSize: \S+/g, 'batchSize: 9')
      .replaceAll(/maximumConcurrency: \d+/g, 'maximumConcurrency: 3');
    await writeFile(file, changed);
    const queuesFile = join(copy, 'resources/queues.yml');
    const queues = await readFile(queuesFile, 'utf8');
    await writeFile(
      queuesFile,
      queues
        .replaceAll(/maxReceiveCount: \d+/g, 'maxReceiveCount: 7')
        .replaceAll(/VisibilityTimeout: \d+/g, 'VisibilityTimeout: 777'),
    );

    const { description: after, cacheHit } = await describeCopy();
    const again = await describeCopy();

    expect(cacheHit).toBe(false);
    expect(again.cacheHit).toBe(true);
    expect(again.description).toEqual(after);
    const routesOf = (description: typeof after) =>
      description.httpApis.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey));
    expect(routesOf(before)).toContain('POST /webhooks');
    expect(routesOf(after)).toContain('POST /changed');
    expect(new Set(after.functions.map(({ timeoutSeconds }) => timeoutSeconds))).toEqual(new Set([57]));
    expect(new Set(after.eventSourceMappings.map(({ batchSize }) => batchSize))).toEqual(new Set([9]));
    expect(after.eventSourceMappings.map(({ maximumConcurrency }) => maximumConcurrency)).toContain(3);
    const redrives = after.queues.flatMap(({ attributes }) => attributes['RedrivePolicy'] ?? []);
    expect(redrives.length).toBeGreaterThan(0);
    for (const policy of redrives) expect(JSON.parse(policy)).toMatchObject({ maxReceiveCount: 7 });
    expect(after.queues.map(({ attributes }) => attributes['VisibilityTimeout'])).toContain('777');
    expect(before.queues.map(({ attributes }) => attributes['VisibilityTimeout'])).not.toContain('777');
  });

  test('has two secrets without a value, and no address of AWS in an output', {
    timeout: 120_000,
  }, async () => {
    const { description } = await describeCopy();

    const values = description.secrets.map(({ value }) => value);

    expect(values).toEqual([undefined, undefined]);
    expect(Object.values(description.outputs).join('\n')).not.toContain('amazonaws.com');
  });
});
