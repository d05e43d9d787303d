import { expect, test } from 'vitest';
import { reportUndelivered } from '../../../../../local/aws/protocols/delivery.ts';
import { createSqsInProcess } from '../../../../support/sqs-in-process.ts';

const policy = (deadLetterTargetArn: string, maxReceiveCount = 1) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
});
const taskHandle = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
const arn = (name: string) => `arn:aws:sqs:eu-central-1:000000000000:${name}`;

test('queues and their messages can be looked at without receiving', async () => {
  const { call, createQueue, sqs, clock } = createSqsInProcess();
  const QueueUrl = await createQueue('seen', { VisibilityTimeout: '45' });
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  await call('SendMessage', { QueueUrl, MessageBody: 'b', DelaySeconds: 60 });

  const [queue] = sqs.queues();
  const messages = queue?.peek();

  expect(queue).toMatchObject({
    name: 'seen',
    url: 'http://127.0.0.1:1/000000000000/seen',
    arn: arn('seen'),
    counts: { visible: 1, inFlight: 0, delayed: 1 },
  });
  expect(queue?.attributes['VisibilityTimeout']).toBe('45');
  expect(messages).toMatchObject([
    { body: 'a', state: 'visible', receiveCount: 0, visibleAt: undefined },
    { body: 'b', state: 'delayed', receiveCount: 0, visibleAt: clock.now() + 60_000 },
  ]);
});

test('a look shows no more messages than asked for', async () => {
  const { call, createQueue, view } = createSqsInProcess();
  const QueueUrl = await createQueue('seen');
  for (const MessageBody of ['a', 'b', 'c']) await call('SendMessage', { QueueUrl, MessageBody });

  const bodies = view('seen')
    .peek(2)
    .map(({ body }) => body);

  expect(bodies).toEqual(['a', 'b']);
});

test('whoever subscribes hears of changes until the subscription ends', async () => {
  const { call, createQueue, sqs } = createSqsInProcess();
  const heard: string[] = [];
  const unsubscribe = sqs.onChange((name) => heard.push(name));
  const QueueUrl = await createQueue('noisy');
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  unsubscribe();

  await call('SendMessage', { QueueUrl, MessageBody: 'b' });

  expect(heard).toEqual(['noisy', 'noisy']);
});

test('a FIFO queue is refused', async () => {
  const { call } = createSqsInProcess();

  const withAttribute = call('CreateQueue', { QueueName: 'x.fifo', Attributes: { FifoQueue: 'true' } });
  const byName = call('CreateQueue', { QueueName: 'x.fifo' });

  await expect(withAttribute).rejects.toMatchObject({
    queryCode: 'AWS.SimpleQueueService.UnsupportedOperation',
  });
  await expect(byName).rejects.toMatchObject({ queryCode: 'InvalidParameterValue' });
});

test('a queue URL counts by its path only, and another account has no queues here', async () => {
  const { call, createQueue } = createSqsInProcess();
  await createQueue('mine');

  const elsewhere = call('SendMessage', { QueueUrl: 'https://tunnel/x/000000000000/mine', MessageBody: 'a' });
  const foreign = call('SendMessage', { QueueUrl: 'http://127.0.0.1:1/111111111111/mine', MessageBody: 'a' });

  await expect(elsewhere).resolves.toHaveProperty('MessageId');
  await expect(foreign).rejects.toMatchObject({ queryCode: 'AWS.SimpleQueueService.NonExistentQueue' });
});

test('an answer that reached nobody is taken back: visible at once, first in line, not counted', async () => {
  const { createQueue, call, sqs, messages } = createSqsInProcess();
  const QueueUrl = await createQueue('careful');
  for (const MessageBody of ['a', 'b', 'c']) await call('SendMessage', { QueueUrl, MessageBody });
  const context = { signal: new AbortController().signal };
  const input = { QueueUrl, MaxNumberOfMessages: 2 };
  const answer = await sqs.service.operations.ReceiveMessage(input, context);

  reportUndelivered(answer);

  const states = messages('careful').map(({ state, receiveCount, firstReceivedAt }) => [
    state,
    receiveCount,
    firstReceivedAt,
  ]);
  expect(states).toEqual(Array.from({ length: 3 }, () => ['visible', 0, undefined]));
  const { Messages = [] } = await call('ReceiveMessage', { ...input, MaxNumberOfMessages: 3 });
  expect(Messages.map(({ Body }) => Body)).toEqual(['a', 'b', 'c']);
});

test('a message that somebody else has received since is not taken back', async () => {
  const { createQueue, call, sqs, messages } = createSqsInProcess();
  const QueueUrl = await createQueue('careful');
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  const context = { signal: new AbortController().signal };
  const answer =
    (await sqs.service.operations['ReceiveMessage']?.({ QueueUrl, VisibilityTimeout: 0 }, context)) ?? {};
  await call('ReceiveMessage', { QueueUrl });

  reportUndelivered(answer);

  expect(messages('careful')).toMatchObject([{ state: 'in-flight', receiveCount: 2 }]);
});

test('a caller who has gone before the poll begins takes nothing', async () => {
  const { createQueue, call, messages } = createSqsInProcess();
  const QueueUrl = await createQueue('careful');
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });

  const answer = await call('ReceiveMessage', { QueueUrl }, AbortSignal.abort());

  expect(answer).toEqual({});
  expect(messages('careful')).toMatchObject([{ state: 'visible', receiveCount: 0 }]);
});

test('a long poll that has ended leaves no timer', async () => {
  const { createQueue, call, clock } = createSqsInProcess();
  const QueueUrl = await createQueue('quiet');
  await call('SendMessage', { QueueUrl, MessageBody: 'later', DelaySeconds: 900 });
  const controller = new AbortController();
  const polled = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, controller.signal);
  const waiting = clock.pendingTimers();

  controller.abort();
  await polled;

  expect([waiting, clock.pendingTimers()]).toEqual([2, 0]);
});

test('deleting with an older handle than the last one succeeds and deletes nothing', async () => {
  const { createQueue, call, messages } = createSqsInProcess();
  const QueueUrl = await createQueue('again');
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  const first = await call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
  await call('ReceiveMessage', { QueueUrl });

  await call('DeleteMessage', { QueueUrl, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle });

  expect(messages('again')).toMatchObject([{ state: 'in-flight', receiveCount: 2 }]);
});

test('a receipt handle of another queue is refused', async () => {
  const { createQueue, call } = createSqsInProcess();
  const one = await createQueue('one');
  const other = await createQueue('other');
  await call('SendMessage', { QueueUrl: one, MessageBody: 'a' });
  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: one });

  const deleted = call('DeleteMessage', { QueueUrl: other, ReceiptHandle: Messages[0]?.ReceiptHandle });

  await expect(deleted).rejects.toMatchObject({ queryCode: 'ReceiptHandleIsInvalid' });
});

test('a deleted queue ends the long polls that wait on it', async () => {
  const { createQueue, call } = createSqsInProcess();
  const QueueUrl = await createQueue('doomed');
  const polled = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  const refused = expect(polled).rejects.toMatchObject({
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  });

  await call('DeleteQueue', { QueueUrl });

  await refused;
});

test('at 120,000 messages in flight a short poll is refused and a long poll waits for room', async () => {
  const { createQueue, call, clock } = createSqsInProcess();
  const QueueUrl = await createQueue('full', { VisibilityTimeout: '600' });
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: 'x' }));
  let handle: string | undefined;
  for (let i = 0; i < 12_000; i += 1) {
    await call('SendMessageBatch', { QueueUrl, Entries });
    const { Messages } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    handle = Messages?.[0]?.ReceiptHandle;
  }
  await call('SendMessage', { QueueUrl, MessageBody: 'one more' });

  const short = call('ReceiveMessage', { QueueUrl });
  const long = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });

  await expect(short).rejects.toMatchObject({ queryCode: 'OverLimit' });
  await clock.advance(1_000);
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: handle });
  expect((await long).Messages?.map(({ Body }) => Body)).toEqual(['one more']);
});

test('a message whose dead-letter queue is gone is delivered on', async () => {
  const { createQueue, call } = createSqsInProcess();
  const dead = await createQueue('dead');
  const QueueUrl = await createQueue('source', policy(arn('dead')));
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  await call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
  await call('DeleteQueue', { QueueUrl: dead });

  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl });

  expect(Messages.map(({ Body }) => Body)).toEqual(['a']);
});

test('a dead-letter queue that closes itself later takes no more messages', async () => {
  const { createQueue, call } = createSqsInProcess();
  const dead = await createQueue('dead');
  const QueueUrl = await createQueue('source', policy(arn('dead')));
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  await call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' });
  await call('SetQueueAttributes', { QueueUrl: dead, Attributes: { RedriveAllowPolicy } });

  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl });

  expect(Messages.map(({ Body }) => Body)).toEqual(['a']);
});

test('two queues that are each other’s dead-letter queue pass a message on only after its receives', async () => {
  const { createQueue, call, messages } = createSqsInProcess();
  const one = await createQueue('one');
  const other = await createQueue('other', policy(arn('one')));
  await call('SetQueueAttributes', { QueueUrl: one, Attributes: policy(arn('other')) });
  await call('SendMessage', { QueueUrl: one, MessageBody: 'a' });
  const polled = call('ReceiveMessage', { QueueUrl: other, WaitTimeSeconds: 20, VisibilityTimeout: 0 });
  await call('ReceiveMessage', { QueueUrl: one, VisibilityTimeout: 0 });

  await call('ReceiveMessage', { QueueUrl: one });

  expect((await polled).Messages?.map(({ Body }) => Body)).toEqual(['a']);
  expect(messages('one')).toEqual([]);
});

test('a redrive of a message that has no queue to return to fails, and leaves it where it is', async () => {
  const { createQueue, call, clock, messages } = createSqsInProcess();
  const dead = await createQueue('dead');
  await createQueue('source', policy(arn('dead')));
  const { MessageId } = await call('SendMessage', { QueueUrl: dead, MessageBody: 'a' });
  await call('StartMessageMoveTask', { SourceArn: arn('dead') });

  await clock.advance(1_000);

  const { Results } = await call('ListMessageMoveTasks', { SourceArn: arn('dead') });
  expect(Results).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
  expect(messages('dead')).toMatchObject([{ id: MessageId, state: 'visible' }]);
});

test('a redrive whose destination is deleted meanwhile fails, and loses nothing', async () => {
  const { createQueue, call, clock, messages } = createSqsInProcess();
  const dead = await createQueue('dead');
  await createQueue('source', policy(arn('dead')));
  const elsewhere = await createQueue('elsewhere');
  for (const MessageBody of ['a', 'b']) await call('SendMessage', { QueueUrl: dead, MessageBody });
  const task = { SourceArn: arn('dead'), DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 };
  await call('StartMessageMoveTask', task);
  await clock.advance(0);
  await call('DeleteQueue', { QueueUrl: elsewhere });

  await clock.advance(1_000);

  const { Results } = await call('ListMessageMoveTasks', { SourceArn: arn('dead') });
  expect(Results).toMatchObject([
    { Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' },
  ]);
  expect(messages('dead').map(({ body }) => body)).toEqual(['b']);
});

test('task handles that are none, or of no task, are refused', async () => {
  const { createQueue, call } = createSqsInProcess();
  await createQueue('dead');

  const garbage = call('CancelMessageMoveTask', { TaskHandle: 'garbage' });
  const shapeless = call('CancelMessageMoveTask', { TaskHandle: taskHandle({ taskId: 5 }) });
  const unknown = call('CancelMessageMoveTask', {
    TaskHandle: taskHandle({ taskId: 'x', sourceArn: arn('dead') }),
  });

  await expect(garbage).rejects.toMatchObject({ queryCode: 'InvalidParameterValue' });
  await expect(shapeless).rejects.toMatchObject({ queryCode: 'InvalidParameterValue' });
  await expect(unknown).rejects.toMatchObject({ queryCode: 'ResourceNotFoundException' });
});

test('an attribute named __proto__ is an attribute like any other', async () => {
  const { createQueue, call, messages } = createSqsInProcess();
  const QueueUrl = await createQueue('odd');
  const MessageAttributes: unknown = JSON.parse('{"__proto__":{"DataType":"String","StringValue":"v"}}');

  await call('SendMessage', { QueueUrl, MessageBody: 'a', MessageAttributes });

  expect(messages('odd')[0]?.attributes).toEqual([
    { name: '__proto__', dataType: 'String', value: { text: 'v' } },
  ]);
  expect(Object.hasOwn(Object.prototype, 'DataType')).toBe(false);
});
