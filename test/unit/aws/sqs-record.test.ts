import { describe, expect, it } from 'vitest';
import { groupOf, oldestFirst, type SqsRecord } from '../../../lib/aws/sqs-record.ts';
import { sqsRecord } from './sqs-scene.ts';

const recordWith = (attributes: SqsRecord['attributes'], messageId = 'sqs-1'): SqsRecord => ({
  ...sqsRecord(),
  messageId,
  attributes,
});

describe('the tenant of a record', () => {
  it('is the group that its producer named', () => {
    const group = groupOf(recordWith({ MessageGroupId: 'campaign-1' }));

    expect(group).toBe('campaign-1');
  });

  it.each([
    [{ MessageGroupId: '' }],
    [{ MessageGroupId: null }],
    [{ MessageGroupId: undefined }],
    [{}],
    [null],
    [undefined],
  ])('is nobody with the attributes %j', (attributes) => {
    const group = groupOf(recordWith(attributes));

    expect(group).toBeUndefined();
  });
});

describe('records in the order in which they were queued', () => {
  it('begin with the oldest, whatever the order in which SQS hands them out', () => {
    const records = ['1795341600002', '1795341600000', '995341600001'].map((SentTimestamp) =>
      recordWith({ SentTimestamp }, SentTimestamp),
    );

    const ids = oldestFirst(records).map(({ messageId }) => messageId);

    expect(ids).toEqual(['995341600001', '1795341600000', '1795341600002']);
  });

  it.each([[{}], [{ SentTimestamp: null }], [{ SentTimestamp: 'soon' }], [null], [undefined]])(
    'have first what SQS gives no time for: %j',
    (attributes) => {
      const records = [recordWith({ SentTimestamp: '1' }, 'dated'), recordWith(attributes, 'undated')];

      const ids = oldestFirst(records).map(({ messageId }) => messageId);

      expect(ids).toEqual(['undated', 'dated']);
    },
  );
});
