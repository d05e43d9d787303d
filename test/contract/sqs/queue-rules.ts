import assert from 'node:assert/strict';
import { type Rule, refuses } from './rule.ts';

const createQueue = 'CreateQueue';
const queueQuotas = 'Amazon SQS standard queue quotas';

const manyTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'v']));

/** Queues: names, creation, listing, deletion, tags. */
export const queueRules: readonly Rule[] = [
  {
    name: 'creating a queue twice with the same attributes gives the same URL',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      const request = { QueueName: uniqueName(), Attributes: { VisibilityTimeout: '45' } };
      const first = await sqs.createQueue(request);
      const second = await sqs.createQueue(request);
      assert.equal(second.QueueUrl, first.QueueUrl);
    },
  },
  {
    name: 'creating a queue again with another attribute value is refused',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      const QueueName = uniqueName();
      await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '45' } });
      await refuses(
        sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '46' } }),
        'QueueNameExists',
        'QueueAlreadyExists',
      );
    },
  },
  {
    name: 'creating a queue again without attributes finds it',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      const QueueName = uniqueName();
      const first = await sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '5' } });
      const second = await sqs.createQueue({ QueueName });
      assert.equal(second.QueueUrl, first.QueueUrl);
    },
  },
  {
    name: 'a queue name of 80 characters is accepted',
    source: queueQuotas,
    async run({ sqs, uniqueName }) {
      const QueueName = uniqueName().padEnd(80, '_');
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName });
      assert(QueueUrl.endsWith(`/${QueueName}`));
    },
  },
  {
    name: 'a queue name of 81 characters is refused',
    source: queueQuotas,
    async run({ sqs, uniqueName }) {
      await refuses(sqs.createQueue({ QueueName: uniqueName().padEnd(81, '_') }), 'InvalidParameterValue');
    },
  },
  {
    name: 'a queue name with other characters than letters, digits, - and _ is refused',
    source: queueQuotas,
    async run({ sqs, uniqueName }) {
      for (const bad of ['.', ' ', '/', 'é', '!'])
        await refuses(sqs.createQueue({ QueueName: `${uniqueName()}${bad}x` }), 'InvalidParameterValue');
    },
  },
  {
    name: 'an unknown attribute is refused when a queue is created',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      const Attributes: Record<string, string> = { Colour: 'red' };
      await refuses(sqs.createQueue({ QueueName: uniqueName(), Attributes }), 'InvalidAttributeName');
    },
  },
  {
    name: 'FifoQueue=false is refused on a standard queue',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      await refuses(
        sqs.createQueue({ QueueName: uniqueName(), Attributes: { FifoQueue: 'false' } }),
        'InvalidAttributeName',
      );
    },
  },
  {
    name: 'the URL of a queue ends with account and name, and GetQueueUrl gives it',
    source: 'Amazon SQS queue and message identifiers',
    async run(context) {
      const { name, url } = await context.createQueue();
      const { QueueUrl } = await context.sqs.getQueueUrl({ QueueName: name });
      assert.equal(QueueUrl, url);
      assert.match(url, new RegExp(`/\\d{12}/${name}$`));
    },
  },
  {
    name: 'GetQueueUrl of an unknown queue says so',
    source: 'GetQueueUrl',
    async run({ sqs, uniqueName }) {
      await refuses(
        sqs.getQueueUrl({ QueueName: uniqueName() }),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
  },
  {
    name: 'ListQueues lists the queues whose names begin with the prefix, and no others',
    source: 'ListQueues',
    async run({ sqs, uniqueName }) {
      const prefix = uniqueName();
      const made = await Promise.all(
        ['-a', '-b'].map((end) => sqs.createQueue({ QueueName: `${prefix}${end}` })),
      );
      await sqs.createQueue({ QueueName: `other-${prefix}` });
      const { QueueUrls = [] } = await sqs.listQueues({ QueueNamePrefix: prefix });
      assert.deepEqual(new Set(QueueUrls), new Set(made.map(({ QueueUrl }) => QueueUrl)));
      assert.equal(QueueUrls.length, 2);
    },
  },
  {
    name: 'ListQueues gives pages of MaxResults, each queue once, until there is no token',
    source: 'ListQueues',
    async run({ sqs, uniqueName }) {
      const QueueNamePrefix = uniqueName();
      for (const end of 'abcde') await sqs.createQueue({ QueueName: `${QueueNamePrefix}${end}` });
      const seen: string[] = [];
      let NextToken: string | undefined;
      for (const size of [2, 2, 1]) {
        const page = await sqs.listQueues({ QueueNamePrefix, MaxResults: 2, NextToken });
        assert.equal(page.QueueUrls?.length, size);
        seen.push(...(page.QueueUrls ?? []));
        ({ NextToken } = page);
      }
      assert.equal(NextToken, undefined);
      assert.equal(new Set(seen).size, 5);
    },
  },
  {
    name: 'MaxResults of ListQueues is 1 to 1000',
    source: 'ListQueues',
    async run({ sqs }) {
      await refuses(sqs.listQueues({ MaxResults: 0 }), 'InvalidParameterValue');
      await refuses(sqs.listQueues({ MaxResults: 1_001 }), 'InvalidParameterValue');
    },
  },
  {
    name: 'a deleted queue is gone, with its messages',
    source: 'DeleteQueue',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x');
      await context.sqs.deleteQueue({ QueueUrl: queue.url });
      await refuses(context.receive(queue), 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue');
      await refuses(context.send(queue, 'y'), 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue');
    },
  },
  {
    name: 'the name of a deleted queue is free again after 60 seconds, not before',
    source: 'DeleteQueue',
    async run(context) {
      const queue = await context.createQueue();
      await context.sqs.deleteQueue({ QueueUrl: queue.url });
      await refuses(
        context.sqs.createQueue({ QueueName: queue.name }),
        'QueueDeletedRecently',
        'AWS.SimpleQueueService.QueueDeletedRecently',
      );
      await context.advance(60_000);
      await context.sqs.createQueue({ QueueName: queue.name });
    },
  },
  {
    name: 'deleting an unknown queue is refused',
    source: 'DeleteQueue',
    async run(context) {
      const { url } = await context.createQueue();
      await refuses(
        context.sqs.deleteQueue({ QueueUrl: `${url}x` }),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
  },
  {
    name: 'a purge removes what is visible, in flight and delayed',
    source: 'PurgeQueue',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'received');
      await context.receiveOne(queue);
      await context.send(queue, 'visible');
      await context.send(queue, 'delayed', { DelaySeconds: 900 });
      await context.sqs.purgeQueue({ QueueUrl: queue.url });
      assert.deepEqual(await context.counts(queue.url), ['0', '0', '0']);
    },
  },
  {
    name: 'a second purge within 60 seconds is refused, and a later one is not',
    source: 'PurgeQueue',
    async run(context) {
      const { url } = await context.createQueue();
      await context.sqs.purgeQueue({ QueueUrl: url });
      await refuses(
        context.sqs.purgeQueue({ QueueUrl: url }),
        'PurgeQueueInProgress',
        'AWS.SimpleQueueService.PurgeQueueInProgress',
      );
      await context.advance(60_000);
      await context.sqs.purgeQueue({ QueueUrl: url });
    },
  },
  {
    name: 'tags are kept, overwritten, listed and removed',
    source: 'TagQueue',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      await context.sqs.tagQueue({ QueueUrl, Tags: { stage: 'dev', team: 'a' } });
      await context.sqs.tagQueue({ QueueUrl, Tags: { stage: 'prod' } });
      await context.sqs.untagQueue({ QueueUrl, TagKeys: ['team', 'absent'] });
      const { Tags } = await context.sqs.listQueueTags({ QueueUrl });
      assert.deepEqual(Tags, { stage: 'prod' });
    },
  },
  {
    name: 'a queue can be created with tags',
    source: createQueue,
    async run({ sqs, uniqueName }) {
      const { QueueUrl } = await sqs.createQueue({ QueueName: uniqueName(), tags: { stage: 'dev' } });
      const { Tags } = await sqs.listQueueTags({ QueueUrl });
      assert.deepEqual(Tags, { stage: 'dev' });
    },
  },
  {
    name: 'a queue has at most 50 tags',
    source: 'TagQueue',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      await context.sqs.tagQueue({ QueueUrl, Tags: manyTags(50) });
      await refuses(context.sqs.tagQueue({ QueueUrl, Tags: manyTags(51) }), 'InvalidParameterValue');
    },
  },
];
