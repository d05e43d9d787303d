import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emulators } from './deploy/emulators.ts';
import { changedText } from './harness/planted-changes.ts';
import { proofs } from './index.ts';
import { docsTables, withTables } from './tables.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const loaded = await Promise.all(
  proofs.map(async (entry) => ({ name: entry.name, proof: await entry.load() })),
);

describe('The table of the proofs', () => {
  it('has defects that all fit the sources', async () => {
    const changes = loaded.flatMap(({ proof }) => proof.defects.flatMap(({ changes: own = [] }) => own));

    const planted = changes.map(async (change) =>
      changedText(await readFile(projectRoot + change.file, 'utf8'), change),
    );
    const stale = (await Promise.allSettled(planted)).filter(({ status }) => status === 'rejected');

    expect(stale).toEqual([]);
  });

  it('has no defects that are planted by no test', () => {
    const planting = loaded.filter(({ proof }) => proof.defects.length > 0).map(({ name }) => name);

    const untested = planting.filter(
      (name) => !existsSync(`${projectRoot}test/proofs/${name}/planted.test.ts`),
    );

    expect(planting.length).toBeGreaterThan(10);
    expect(untested).toEqual([]);
  });

  it('is what docs/reliability.md says: after a change, npm run docs:proofs', async () => {
    const docs = await readFile(`${projectRoot}docs/reliability.md`, 'utf8');

    const renewed = withTables(docs, docsTables(proofs, Object.values(emulators)));

    expect(docs).toBe(renewed);
  });
});
