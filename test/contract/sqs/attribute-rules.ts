import assert from 'node:assert/strict';
import { type Rule, refuses, rulesOf } from './rule.ts';

const set = 'SetQueueAttributes';
const get = 'GetQueueAttributes';

/** A rule for each numeric attribute: both ends of its range are taken, one beyond is not. */
const rangeRules: readonly Rule[] = (
  [
    ['DelaySeconds', 0, 900],
    ['MaximumMessageSize', 1_024, 1_048_576],
    ['MessageRetentionPeriod', 60, 1_209_600],
    ['ReceiveMessageWaitTimeSeconds', 0, 20],
    ['VisibilityTimeout', 0, 43_200],
  ] as const
).map(([attribute, minimum, maximum]) => ({
  name: `${attribute} is ${minimum} to ${maximum}`,
  source: set,
  async run(context) {
    const { url: QueueUrl } = await context.createQueue();
    const change = (value: string) =>
      context.sqs.setQueueAttributes({ QueueUrl, Attributes: { [attribute]: value } });
    for (const value of [minimum, maximum]) {
      await change(String(value));
      assert.equal((await context.attributes(QueueUrl))[attribute], String(value));
    }
    await refuses(change(String(minimum - 1)), 'InvalidAttributeValue');
    await refuses(change(String(maximum + 1)), 'InvalidAttributeValue');
    await refuses(change('many'), 'InvalidAttributeValue');
  },
}));

/** The attributes of queues: defaults, ranges, what is shown and when. */
export const attributeRules: readonly Rule[] = [
  ...rangeRules,
  ...rulesOf('CreateQueue', {
    async 'a new queue has the documented defaults'(context, { url }) {
      const attributes = await context.attributes(url);
      assert.equal(attributes['DelaySeconds'], '0');
      assert.equal(attributes['MaximumMessageSize'], '1048576');
      assert.equal(attributes['MessageRetentionPeriod'], '345600');
      assert.equal(attributes['ReceiveMessageWaitTimeSeconds'], '0');
      assert.equal(attributes['VisibilityTimeout'], '30');
    },
  }),
  ...rulesOf('Configuring server-side encryption for a queue using SQS-managed encryption keys', {
    async 'a queue is encrypted by SQS itself unless somebody says otherwise'(context, { url }) {
      assert.equal((await context.attributes(url))['SqsManagedSseEnabled'], 'true');
    },
  }),
  ...rulesOf(get, {
    async 'the ARN names region, account and queue'(context) {
      const { name, arn } = await context.createQueue();
      assert.match(arn, new RegExp(`^arn:aws:sqs:[a-z0-9-]+:\\d{12}:${name}$`));
    },
    async 'GetQueueAttributes shows the attributes asked for and no others'(context) {
      const { url: QueueUrl, arn } = await context.createQueue();
      const { Attributes } = await context.sqs.getQueueAttributes({
        QueueUrl,
        AttributeNames: ['QueueArn', 'DelaySeconds'],
      });
      assert.deepEqual(Attributes, { QueueArn: arn, DelaySeconds: '0' });
    },
    async 'GetQueueAttributes without names shows nothing'(context, { url: QueueUrl }) {
      const { Attributes = {} } = await context.sqs.getQueueAttributes({ QueueUrl });
      assert.deepEqual(Attributes, {});
    },
    async 'GetQueueAttributes refuses an unknown name'(context, { url }) {
      const response = await context.post('GetQueueAttributes', {
        QueueUrl: url,
        AttributeNames: ['Colour'],
      });
      assert.equal(response.status, 400);
      assert.match(response.headers.get('x-amzn-query-error') ?? '', /^InvalidAttributeName;/);
    },
    async 'creation and modification times are epoch seconds'(context, { url }) {
      const attributes = await context.attributes(url);
      assert.match(attributes['CreatedTimestamp'] ?? '', /^\d{10}$/);
      assert.match(attributes['LastModifiedTimestamp'] ?? '', /^\d{10}$/);
    },
    async 'counts tell visible, in flight and delayed messages apart'(context, queue) {
      for (const body of ['a', 'b', 'c']) await context.send(queue, body);
      await context.send(queue, 'd', { DelaySeconds: 900 });
      await context.receiveOne(queue);
      assert.deepEqual(await context.counts(queue.url), ['2', '1', '1']);
    },
  }),
  ...rulesOf(set, {
    async 'a change of attributes leaves the others, and moves the modification time only'(context) {
      const { url: QueueUrl } = await context.createQueue({ DelaySeconds: '7' });
      const before = await context.attributes(QueueUrl);
      await context.advance(2_000);
      await context.sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '99' } });
      const after = await context.attributes(QueueUrl);
      assert.equal(after['DelaySeconds'], '7');
      assert.equal(after['VisibilityTimeout'], '99');
      assert.equal(after['CreatedTimestamp'], before['CreatedTimestamp']);
      assert(Number(after['LastModifiedTimestamp']) >= Number(before['LastModifiedTimestamp']) + 2);
    },
    async 'attributes that are only read cannot be set'(context, { url: QueueUrl }) {
      await refuses(
        context.sqs.setQueueAttributes({ QueueUrl, Attributes: { ApproximateNumberOfMessages: '3' } }),
        'InvalidAttributeName',
      );
    },
    async 'a redrive policy is shown as it was set, and an empty one removes it'(context, deadLetters) {
      const { url: QueueUrl } = await context.createQueue();
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 4 });
      await context.sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } });
      const shown = (await context.attributes(QueueUrl))['RedrivePolicy'] ?? '';
      assert.deepEqual(JSON.parse(shown), JSON.parse(RedrivePolicy));
      await context.sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy: '' } });
      assert.equal((await context.attributes(QueueUrl))['RedrivePolicy'], undefined);
    },
  }),
];
