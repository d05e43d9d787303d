import { expect, it } from 'vitest';
import { encodeReceiptHandle } from '../../../local/aws/sqs/receipt-handle.ts';
import { readCall } from './moments.ts';
import { targetWith } from './test-targets.ts';

const target = targetWith({ attempt: 'mine' });
const messageId = '00000000-0000-4000-8000-000000000001';
const known = {
  byKey: new Map([[target.key, target]]),
  byId: new Map([[target.id, target]]),
  byMessageId: new Map([[messageId, target]]),
};

function read(operation: string, input: Readonly<Record<string, unknown>>) {
  return readCall({ operation, input }, known);
}

function write(state: string, attempt: string, key = target.key) {
  return read('PutItem', { Item: { pk: { S: key }, state: { S: state }, attempt: { S: attempt } } });
}

it.each([
  ['SENDING', 'another', 'claim'],
  ['SENDING', 'mine', 'yield'],
  ['SENT', 'mine', 'sent'],
  ['UNKNOWN', 'mine', 'unknown'],
  ['RETRY', 'mine', 'retry'],
])('A ledger write of %s by the attempt "%s" is taken for the moment "%s"', (state, attempt, moment) => {
  const seen = write(state, attempt);

  expect(seen).toEqual([{ target, moment, attempt }]);
});

it('A copy on the outcomes queue is parking, one on another queue is not', () => {
  const { body: MessageBody } = target;

  const parked = read('SendMessage', { QueueUrl: 'http://127.0.0.1:1/0/relay-outcomes', MessageBody });
  const other = read('SendMessage', { QueueUrl: 'http://127.0.0.1:1/0/relay-sends-dlq', MessageBody });

  expect(parked).toEqual([{ target, moment: 'park' }]);
  expect(other).toEqual([]);
});

it('Changed visibilities are told by the messages that the receipt handles stand for', () => {
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:relay-sends';
  const handles = ['of somebody else', messageId].map((id) =>
    encodeReceiptHandle({ queueArn, messageId: id, receipt: 3 }),
  );

  const seen = read('ChangeMessageVisibilityBatch', {
    Entries: handles.map((ReceiptHandle) => ({ ReceiptHandle })),
  });

  expect(seen).toEqual([{ target, moment: 'hide' }]);
});

it('What is about no message of the run means nothing', () => {
  const calls = [write('SENT', 'mine', 'another key'), read('GetSecretValue', {}), read('PutItem', {})];

  expect(calls).toEqual([[], [], []]);
});
