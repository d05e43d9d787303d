import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const projectRoot = new URL('../..', import.meta.url);

describe('What holds secrets or customers', () => {
  it('is in no commit by accident', async ({ skip }) => {
    const names = [
      '.env',
      '.env.prod',
      'customers.csv.ledger',
      'customers.csv.ledger.lock',
      'customers.csv.2.ledger',
      'customers.failed.csv',
      'customers.failed.2.csv',
      'bulk-0123456789ab.failed.ndjson',
      'dead-letters.ndjson',
      'messages.ndjson',
      '.relay/local.json',
    ];
    const isRepository = await run('git', ['rev-parse'], { cwd: projectRoot }).catch(() => undefined);
    if (isRepository === undefined) skip('no repository, or no git, to ask');

    const { stdout } = await run('git', ['check-ignore', ...names], { cwd: projectRoot });

    expect(stdout.trim().split('\n')).toEqual(names);
  });

  it('is in no package: what goes into one is named, and it is private', async () => {
    const manifest: unknown = JSON.parse(await readFile(new URL('package.json', projectRoot), 'utf8'));

    expect(manifest).toMatchObject({ private: true, files: expect.any(Array) });
    expect(Object(manifest).files).not.toContain('.');
  });
});
