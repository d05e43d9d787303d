import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatchResponse } from '../../../../../local/aws/lambda/batch-response.ts';

const batch = ['m1', 'm2', 'm3'];

describe('a partial batch response', () => {
  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['no batchItemFailures', '{"statusCode":200}'],
    ['batchItemFailures that are null', '{"batchItemFailures":null}'],
    ['an empty list', '{"batchItemFailures":[]}'],
  ])('of %s means that everything succeeded', (_, payload) => {
    const verdict = readBatchResponse(payload, batch);

    expect(verdict).toEqual({ failed: new Set() });
  });

  it.each([
    ['not JSON', '{"batchItemFailures":['],
    ['a string', '"ok"'],
    ['a number', '0'],
    ['true', 'true'],
    ['a list', '[]'],
    ['batchItemFailures that are no list', '{"batchItemFailures":{}}'],
    ['batchItemFailures that are a string', '{"batchItemFailures":"m1"}'],
    ['an empty itemIdentifier', '{"batchItemFailures":[{"itemIdentifier":""}]}'],
    ['a null itemIdentifier', '{"batchItemFailures":[{"itemIdentifier":null}]}'],
    ['an itemIdentifier that is a number', '{"batchItemFailures":[{"itemIdentifier":1}]}'],
    ['a missing itemIdentifier', '{"batchItemFailures":[{}]}'],
    ['a misspelt itemIdentifier', '{"batchItemFailures":[{"ItemIdentifier":"m1"}]}'],
    ['an entry that is the id itself', '{"batchItemFailures":["m1"]}'],
    ['an entry that is null', '{"batchItemFailures":[null]}'],
    ['an unknown id', '{"batchItemFailures":[{"itemIdentifier":"m4"}]}'],
    ['a known and an unknown id', '{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"M2"}]}'],
  ])('that is or has %s fails the whole batch and says why', (_, payload) => {
    const verdict = readBatchResponse(payload, batch);

    expect(verdict).toEqual({ failed: new Set(batch), problem: expect.stringMatching(/./) });
  });

  it('fails exactly the messages that it names, however often', () => {
    const ids = fc.array(fc.uuid(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ids, fc.infiniteStream(fc.boolean()), (messageIds, isFailed) => {
        const named = messageIds.filter(() => isFailed.next().value === true);
        const payload = JSON.stringify({
          batchItemFailures: named.map((itemIdentifier) => ({ itemIdentifier })),
        });

        const verdict = readBatchResponse(payload, messageIds);

        expect(verdict).toEqual({ failed: new Set(named) });
      }),
    );
  });

  it('is never read as anything but a list of ids of the batch', () => {
    fc.assert(
      fc.property(fc.json(), (payload) => {
        const { failed } = readBatchResponse(payload, batch);

        expect(batch).toEqual(expect.arrayContaining([...failed]));
      }),
    );
  });
});
