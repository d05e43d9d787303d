import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runBatch } from '../../../lib/aws/batch.ts';

const record = (messageId: string, body = '') => ({ messageId, body, receiptHandle: 'handle' });

const ignore = () => {};

describe('runBatch', () => {
  it('answers an empty batch with no failures', async () => {
    const response = await runBatch([], () => Promise.resolve(true), ignore);

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it('names the record that must come back, in the spelling that Lambda reads', async () => {
    const response = await runBatch(
      [record('a'), record('b')],
      async ({ messageId }) => messageId === 'a',
      ignore,
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
  });

  it('never rejects, even when a bug cannot be told', async () => {
    const response = await runBatch(
      [record('a'), record('b')],
      ({ messageId }) => (messageId === 'a' ? Promise.resolve(true) : Promise.reject(new Error('bug'))),
      () => {
        throw new Error('the log is full');
      },
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
  });

  it('runs the records side by side', async () => {
    let running = 0;
    let most = 0;

    await runBatch(
      [record('a'), record('b'), record('c')],
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => void setImmediate(resolve));
        running--;
        return true;
      },
      ignore,
    );

    expect(most).toBe(3);
  });

  it('lets an unknown exception fail its record alone, and tells about it', async () => {
    const bug = new TypeError('bug');
    const told: unknown[] = [];

    const response = await runBatch(
      [record('a'), record('b'), record('c')],
      async ({ messageId }) => {
        if (messageId === 'b') throw bug;
        return true;
      },
      (error, { messageId }) => told.push([messageId, error]),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(told).toEqual([['b', bug]]);
  });

  it('lets an exception before the first wait fail its record alone, too', async () => {
    const response = await runBatch(
      [record('a'), record('b')],
      ({ messageId }) => {
        if (messageId === 'a') throw new Error('at once');
        return Promise.resolve(true);
      },
      ignore,
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
  });

  it('forgets a record that stands twice in a batch only when both went well', async () => {
    const batch = [record('a', 'good'), record('a', 'bad'), record('b', 'good'), record('b', 'good')];

    const response = await runBatch(batch, async ({ body }) => body === 'good', ignore);

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
  });

  it('never names an id that it was not given, never omits a failed one, and names none twice', async () => {
    const fate = fc.constantFrom('good', 'bad', 'bug');
    const batches = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fate), {
      maxLength: 12,
    });

    await fc.assert(
      fc.asyncProperty(batches, async (pairs) => {
        const batch = pairs.map(([id, body]) => record(id, body));

        const response = await runBatch(
          batch,
          async ({ body }) => {
            if (body === 'bug') throw new Error('bug');
            return body === 'good';
          },
          ignore,
        );

        const named = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        const failed = new Set(pairs.filter(([, body]) => body !== 'good').map(([id]) => id));
        expect(named.toSorted()).toEqual([...failed].toSorted());
      }),
    );
  });
});
