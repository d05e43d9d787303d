import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildShipped } from '../harness/shipped.ts';
import { controls, defects } from './defects.ts';
import { plant } from './plant-defects.ts';
import { failedIdsOf } from './response-schema.ts';
import { runShapes } from './shape-batches.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const planting = { batches: 120, invocations: 60, seed: 1, projectRoot };
const patient = { timeout: 120_000 };

describe('the run over batches', () => {
  it.each(controls)('finds nothing wrong with the shipped $part', patient, async (control) => {
    const report = await plant(control, planting);

    expect(report.misses).toEqual([]);
  });

  it.each(
    defects.filter(({ name }) =>
      [
        'forgets records that are not done',
        'parks nothing and says that it did',
        'begins whatever comes',
      ].includes(name),
    ),
  )('notices code that $name', patient, async (defect) => {
    const report = await plant(defect, planting);

    expect(report.misses.length).toBeGreaterThan(0);
  });

  it.each(defects)('can plant code that $name', async ({ changes }) => {
    const built = await buildShipped(projectRoot, changes);

    expect(built.runBatch).toBeTypeOf('function');
  });

  it('finds that the mapping deletes what Lambda would', async () => {
    const report = await runShapes(100, 1);

    expect(report.wrong).toEqual([]);
  });
});

describe('a partial batch response', () => {
  it.each([
    [{ batchItemFailures: [{ itemIdentifier: 'a' }] }, new Set(['a'])],
    [{ batchItemFailures: [] }, new Set()],
    [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'a' }] }, undefined],
    [{ batchItemFailures: [{ itemIdentifer: 'a' }] }, undefined],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }, undefined],
    [{ batchItemFailures: [], more: 1 }, undefined],
    [{}, undefined],
    [new Error('thrown'), undefined],
  ])('is %j only by its schema', (response, ids) => {
    expect(failedIdsOf(response)).toEqual(ids);
  });
});
