import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyScaledDown, type ScaledProject } from './scaled-project.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

const ports = { sender: 12_345, settler: 12_346 };

let project: ScaledProject;

beforeAll(async () => {
  project = await copyScaledDown(projectRoot, ports);
});

afterAll(() => project.remove());

const read = (file: string) => readFile(join(project.root, file), 'utf8');

describe('The scaled-down copy of the project', () => {
  it('sends what each of the two functions asks of AWS through a proxy of its own', async () => {
    const template = await read('serverless.yml');

    const [before = '', after = ''] = template.split('  settleSend:');

    expect(before.match(/http:\/\/127\.0\.0\.1:12345/g)).toHaveLength(4);
    expect(after.match(/http:\/\/127\.0\.0\.1:12346/g)).toHaveLength(4);
    expect([before.includes('12346'), after.includes('12345')]).toEqual([false, false]);
  });

  it('differs from the project in its times alone, apart from the template', async () => {
    const entries = await readdir(join(projectRoot, 'lib'), { recursive: true });
    const files = entries.filter((name) => name.endsWith('.ts')).map((name) => `lib/${name}`);

    const differing: string[] = [];
    for (const file of files) {
      const original = await readFile(join(projectRoot, file), 'utf8');
      if ((await read(file)) !== original) differing.push(file);
    }

    expect(differing.toSorted()).toEqual(['lib/delivery/retry-policy.ts', 'lib/delivery/time.ts']);
  });

  it('has a defect planted where one is asked for, and refuses one that it cannot find', async () => {
    const change = { file: 'lib/delivery/time.ts', find: 'leaseMs = 2000;', replace: 'leaseMs = 0;' };

    const planted = await copyScaledDown(projectRoot, ports, [change]);
    const text = await readFile(join(planted.root, change.file), 'utf8');
    await planted.remove();
    const refused = copyScaledDown(projectRoot, ports, [{ ...change, find: 'no such text' }]);

    expect(text).toContain(change.replace);
    await expect(refused).rejects.toThrow('lib/delivery/time.ts has 0 of no such text, not one.');
  });
});
