import { describe, expect, it } from 'vitest';
import { failedIdsOf } from './response-schema.ts';

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
