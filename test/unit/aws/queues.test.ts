import { createHash } from 'node:crypto';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { sqsEventQueue } from '../../../lib/aws/event-queue.ts';
import { secretReader } from '../../../lib/aws/secrets.ts';
import { sqsQueueEffects, toQueuedMessage } from '../../../lib/aws/send-queues.ts';
import type { CopyNote } from '../../../lib/delivery/deliver.ts';
import { AwsError } from '../../../local/aws/service.ts';
import { startAwsStand } from './aws-stand.ts';

type Stand = Awaited<ReturnType<typeof startAwsStand>>;

let stand: Stand | undefined;

afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

/** An SQS that takes everything and writes down what it was given. */
async function recordingSqs(answer: object = { MessageId: 'copy-1' }) {
  const calls: { operation: string; input: Readonly<Record<string, unknown>> }[] = [];
  const take = (operation: string) => async (input: Readonly<Record<string, unknown>>) => {
    calls.push({ operation, input });
    const md5 = createHash('md5').update(String(input['MessageBody'])).digest('hex');
    return { MD5OfMessageBody: md5, ...answer };
  };
  stand = await startAwsStand({
    sqs: { SendMessage: take('SendMessage'), ChangeMessageVisibility: take('ChangeMessageVisibility') },
  });
  return { client: stand.sqs, calls };
}

const failing = (error: unknown) => () => Promise.reject(error);

function record(messageAttributes: SQSMessageAttributes = {}): SQSRecord {
  return {
    messageId: 'sqs-1',
    body: '{"type":"text","text":"😀"}',
    receiptHandle: 'handle-1',
    attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: '1795341600000',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '1795341600001',
    },
    messageAttributes,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:sends',
    awsRegion: 'eu-west-1',
  };
}

const text = (stringValue: string) => ({ dataType: 'String', stringValue });
const urls = {
  sendsQueueUrl: 'http://q/sends',
  sendsDlqUrl: 'http://q/dlq',
  outcomesQueueUrl: 'http://q/outcomes',
};
const note: CopyNote = {
  originalId: 'original-1',
  expiresAt: Date.UTC(2026, 10, 22, 14),
  code: 'expired',
  message: 'Too late.',
  traceId: undefined,
};

describe('a record of the sends queue', () => {
  it("is known by SQS's own id when it is a first copy", () => {
    const queued = toQueuedMessage(record());

    expect(queued).toEqual({
      body: '{"type":"text","text":"😀"}',
      originalId: 'sqs-1',
      expiresAt: undefined,
      queuedAt: 1_795_341_600_000,
      receiveCount: 3,
    });
  });

  it('keeps the key and the expiry that its first copy had', () => {
    const queued = toQueuedMessage(
      record({ 'relay.id': text('original-1'), 'relay.expiresAt': text('2026-11-22T14:00:00.000Z') }),
    );

    expect(queued).toMatchObject({ originalId: 'original-1', expiresAt: Date.UTC(2026, 10, 22, 14) });
  });

  it('has no expiry of its own when that attribute makes no sense', () => {
    const queued = toQueuedMessage(record({ 'relay.expiresAt': text('soon') }));

    expect(queued.expiresAt).toBeUndefined();
  });
});

describe('a copy', () => {
  it.each([
    ['deadLetter', 'http://q/dlq'],
    ['park', 'http://q/outcomes'],
  ] as const)('made by %s goes to %s with the same body and its reason', async (effect, queueUrl) => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls, record())[effect]({ ...note, traceId: '123' });

    expect(calls).toEqual([
      {
        operation: 'SendMessage',
        input: {
          QueueUrl: queueUrl,
          MessageBody: '{"type":"text","text":"😀"}',
          MessageAttributes: {
            'relay.id': { DataType: 'String', StringValue: 'original-1' },
            'relay.expiresAt': { DataType: 'String', StringValue: '2026-11-22T14:00:00.000Z' },
            'error.code': { DataType: 'String', StringValue: 'expired' },
            'error.message': { DataType: 'String', StringValue: 'Too late.' },
            'error.traceId': { DataType: 'String', StringValue: '123' },
          },
        },
      },
    ]);
  });

  it("takes the producer's own attributes along, text and bytes", async () => {
    const { client, calls } = await recordingSqs();
    const own = { tenant: text('a'), blob: { dataType: 'Binary', binaryValue: 'AP8=' } };

    await sqsQueueEffects(client, urls, record(own)).park(note);

    expect(calls[0]?.input['MessageAttributes']).toMatchObject({
      tenant: { DataType: 'String', StringValue: 'a' },
      blob: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
  });

  it('replaces the reason that an earlier copy carried', async () => {
    const { client, calls } = await recordingSqs();
    const earlier = {
      'error.code': text('old'),
      'error.traceId': text('999'),
      'relay.id': text('original-1'),
    };

    await sqsQueueEffects(client, urls, record(earlier)).deadLetter(note);

    const attributes = calls[0]?.input['MessageAttributes'];
    expect(attributes).toMatchObject({ 'error.code': { StringValue: 'expired' } });
    expect(attributes).not.toHaveProperty('error\\.traceId');
    expect(Object.keys(Object(attributes))).toHaveLength(4);
  });

  it.each([
    [undefined, 6],
    ['123', 5],
  ])(
    "with trace id %s has ten attributes at most: ours, and %i of the producer's ten",
    async (traceId, kept) => {
      const { client, calls } = await recordingSqs();
      const own = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`own${index}`, text('x')]));

      await sqsQueueEffects(client, urls, record(own)).deadLetter({ ...note, traceId });

      const names = Object.keys(Object(calls[0]?.input['MessageAttributes']));
      expect(names).toHaveLength(10);
      expect(names.filter((name) => name.startsWith('own'))).toHaveLength(kept);
      expect(names).toEqual(
        expect.arrayContaining(['relay.id', 'relay.expiresAt', 'error.code', 'error.message']),
      );
    },
  );

  it('that SQS did not confirm with an id is a failure', async () => {
    const { client } = await recordingSqs({});

    const copied = sqsQueueEffects(client, urls, record()).deadLetter(note);

    await expect(copied).rejects.toMatchObject({ code: 'queue-unconfirmed' });
  });

  it('that SQS refuses is a failure', async () => {
    stand = await startAwsStand({ sqs: { SendMessage: failing(new AwsError('AccessDenied', 'no')) } });

    const copied = sqsQueueEffects(stand.sqs, urls, record()).park(note);

    await expect(copied).rejects.toThrow('no');
  });

  it('whose body came to SQS changed is a failure', async () => {
    const { client } = await recordingSqs({ MessageId: 'copy-1', MD5OfMessageBody: '0'.repeat(32) });

    const copied = sqsQueueEffects(client, urls, record()).park(note);

    await expect(copied).rejects.toThrow();
  });
});

describe('a message that comes back', () => {
  it('stays out of sight in its own queue for as long as was asked', async () => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls, record()).comeBackIn(42);

    expect(calls).toEqual([
      {
        operation: 'ChangeMessageVisibility',
        input: { QueueUrl: 'http://q/sends', ReceiptHandle: 'handle-1', VisibilityTimeout: 42 },
      },
    ]);
  });
});

describe('the events queue', () => {
  const event = { id: 'M1', topic: 'messages', parsed: true, body: '{"id":"M1","text":"é😀"}' };

  it('takes an event with its id and topic as attributes', async () => {
    const { client, calls } = await recordingSqs();

    await sqsEventQueue(client, 'http://q/events').publish(event);

    expect(calls.map(({ input }) => input)).toEqual([
      {
        QueueUrl: 'http://q/events',
        MessageBody: event.body,
        MessageAttributes: {
          topic: { DataType: 'String', StringValue: 'messages' },
          eventId: { DataType: 'String', StringValue: 'M1' },
        },
      },
    ]);
  });

  it('has not taken it without a message id', async () => {
    const { client } = await recordingSqs({});

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toMatchObject({ code: 'queue-unconfirmed' });
  });

  it('has not taken it when the MD5 of the body is another', async () => {
    const { client } = await recordingSqs({ MessageId: 'm', MD5OfMessageBody: '0'.repeat(32) });

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toThrow();
  });
});

describe('a secret in Secrets Manager', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:webhook-AbCdEf';

  async function read(answer: () => Promise<object>) {
    stand = await startAwsStand({ secrets: { GetSecretValue: answer } });
    return secretReader(stand.secrets, arn)();
  }

  it('is read as it stands', async () => {
    const value = await read(async () => ({ SecretString: ' value\n' }));

    expect(value).toBe(' value\n');
  });

  it.each([
    ['has no value yet', failing(new AwsError('ResourceNotFoundException', "Secrets Manager can't find it"))],
    ['is empty', async () => ({ SecretString: '' })],
    ['is blank', async () => ({ SecretString: ' \n' })],
    ['is binary', async () => ({ SecretBinary: 'AAAA' })],
  ])('that %s is told apart, with the command that fills it', async (_, answer) => {
    const reading = read(answer);

    await expect(reading).rejects.toMatchObject({
      code: 'secret-not-set',
      message: expect.stringContaining(`put-secret-value --secret-id ${arn}`),
    });
  });

  it.each(['AccessDeniedException', 'ThrottlingException', 'InternalServiceError'])(
    'that cannot be read because of %s is unavailable, and the cause is kept',
    async (code) => {
      const reading = read(
        failing(new AwsError(code, 'no', { status: code === 'InternalServiceError' ? 500 : 400 })),
      );

      await expect(reading).rejects.toMatchObject({ code: 'secret-unavailable', cause: { name: code } });
    },
  );
});
