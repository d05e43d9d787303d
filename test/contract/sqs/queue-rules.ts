import assert from 'node:assert/strict';
import { type Rule, refuses, rulesOf } from './rule.ts';

const createQueue = 'CreateQueue';
const queueQuotas = 'Amazon SQS standard queue quotas';

const manyTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'v']));

/** Queues: names, creation, listing, deletion, tags. */
export const queueRules: readonly Rule[] = [
  ...rulesOf(createQueue, {
    async 'creating a queue twice with the same attributes gives the same URL'({ sqs, uniqueName }) {
      const request = { QueueName: uniqueName(), Attributes: { VisibilityTimeout: '45' } };
      const first = await sqs.createQueue(request);
      const second = await sqs.createQueue(request);
      assert.equal(second.QueueUrl, first.QueueUrl);
    },
    async 'creating a queue again with another attribute value is refused'({ sqs, uniqueName }) {
      const QueueName = uniqueName();
      await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '45' } });
      await refuses(
        sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '46' } }),
        'QueueNameExists',
        'QueueAlreadyExists',
      );
    },
    async 'creating a queue again without attributes finds it'({ sqs, uniqueName }) {
      const QueueName = uniqueName();
      const first = await sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '5' } });
      const second = await sqs.createQueue({ QueueName });
      assert.equal(second.QueueUrl, first.QueueUrl);
    },
    async 'an unknown attribute is refused when a queue is created'({ sqs, uniqueName }) {
      const Attributes: Record<string, string> = { Colour: 'red' };
      await refuses(sqs.createQueue({ QueueName: uniqueName(), Attributes }), 'InvalidAttributeName');
    },
    async 'FifoQueue=false is refused on a standard queue'({ sqs, uniqueName }) {
      await refuses(
        sqs.createQueue({ QueueName: uniqueName(), Attributes: { FifoQueue: 'false' } }),
        'InvalidAttributeName',
      );
    },
    async 'a queue can be created with tags'({ sqs, uniqueName }) {
      const { QueueUrl } = await sqs.createQueue({ QueueName: uniqueName(), tags: { stage: 'dev' } });
      const { Tags } = await sqs.listQueueTags({ QueueUrl });
      assert.deepEqual(Tags, { stage: 'dev' });
    },
  }),
  ...rulesOf(queueQuotas, {
    async 'a queue name of 80 characters is accepted'({ sqs, uniqueName }) {
      const QueueName = uniqueName().padEnd(80, '_');
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName });
      assert(QueueUrl.endsWith(`/${QueueName}`));
    },
    async 'a queue name of 81 characters is refused'({ sqs, uniqueName }) {
      await refuses(sqs.createQueue({ QueueName: uniqueName().padEnd(81, '_') }), 'InvalidParameterValue');
    },
    async 'a queue name with other characters than letters, digits, - and _ is refused'({ sqs, uniqueName }) {
      for (const bad of ['.', ' ', '/', 'é', '!'])
        await refuses(sqs.createQueue({ QueueName: `${uniqueName()}${bad}x` }), 'InvalidParameterValue');
    },
  }),
  ...rulesOf('Amazon SQS queue and message identifiers', {
    async 'the URL of a queue ends with account and name, and GetQueueUrl gives it'(context) {
      const { name, url } = await context.createQueue();
      const { QueueUrl } = await context.sqs.getQueueUrl({ QueueName: name });
      assert.equal(QueueUrl, url);
      assert.match(url, new RegExp(`/\\d{12}/${name}$`));
    },
  }),
  ...rulesOf('GetQueueUrl', {
    async 'GetQueueUrl of an unknown queue says so'({ sqs, uniqueName }) {
      await refuses(
        sqs.getQueueUrl({ QueueName: uniqueName() }),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
  }),
  ...rulesOf('ListQueues', {
    async 'ListQueues lists the queues whose names begin with the prefix, and no others'({
      sqs,
      uniqueName,
    }) {
      const prefix = uniqueName();
      const made = await Promise.all(
        ['-a', '-b'].map((end) => sqs.createQueue({ QueueName: `${prefix}${end}` })),
      );
      await sqs.createQueue({ QueueName: `other-${prefix}` });
      const { QueueUrls = [] } = await sqs.listQueues({ QueueNamePrefix: prefix });
      assert.deepEqual(new Set(QueueUrls), new Set(made.map(({ QueueUrl }) => QueueUrl)));
      assert.equal(QueueUrls.length, 2);
    },
    async 'ListQueues gives pages of MaxResults, each queue once, until there is no token'({
      sqs,
      uniqueName,
    }) {
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
    async 'MaxResults of ListQueues is 1 to 1000'({ sqs }) {
      await refuses(sqs.listQueues({ MaxResults: 0 }), 'InvalidParameterValue');
      await refuses(sqs.listQueues({ MaxResults: 1_001 }), 'InvalidParameterValue');
    },
  }),
  ...rulesOf('DeleteQueue', {
    async 'a deleted queue is gone, with its messages'(context, queue) {
      await context.send(queue, 'x');
      await context.sqs.deleteQueue({ QueueUrl: queue.url });
      await refuses(context.receive(queue), 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue');
      await refuses(context.send(queue, 'y'), 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue');
    },
    async 'the name of a deleted queue is free again after 60 seconds, not before'(context, queue) {
      await context.sqs.deleteQueue({ QueueUrl: queue.url });
      await refuses(
        context.sqs.createQueue({ QueueName: queue.name }),
        'QueueDeletedRecently',
        'AWS.SimpleQueueService.QueueDeletedRecently',
      );
      await context.advance(60_000);
      await context.sqs.createQueue({ QueueName: queue.name });
    },
    async 'deleting an unknown queue is refused'(context, { url }) {
      await refuses(
        context.sqs.deleteQueue({ QueueUrl: `${url}x` }),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
  }),
  ...rulesOf('PurgeQueue', {
    async 'a purge removes what is visible, in flight and delayed'(context, queue) {
      await context.send(queue, 'received');
      await context.receiveOne(queue);
      await context.send(queue, 'visible');
      await context.send(queue, 'delayed', { DelaySeconds: 900 });
      await context.sqs.purgeQueue({ QueueUrl: queue.url });
      assert.deepEqual(await context.counts(queue.url), ['0', '0', '0']);
    },
    async 'a second purge within 60 seconds is refused, and a later one is not'(context, { url }) {
      await context.sqs.purgeQueue({ QueueUrl: url });
      await refuses(
        context.sqs.purgeQueue({ QueueUrl: url }),
        'PurgeQueueInProgress',
        'AWS.SimpleQueueService.PurgeQueueInProgress',
      );
      await context.advance(60_000);
      await context.sqs.purgeQueue({ QueueUrl: url });
    },
  }),
  ...rulesOf('TagQueue', {
    async 'tags are kept, overwritten, listed and removed'(context, { url: QueueUrl }) {
      await context.sqs.tagQueue({ QueueUrl, Tags: { stage: 'dev', team: 'a' } });
      await context.sqs.tagQueue({ QueueUrl, Tags: { stage: 'prod' } });
      await context.sqs.untagQueue({ QueueUrl, TagKeys: ['team', 'absent'] });
      const { Tags } = await context.sqs.listQueueTags({ QueueUrl });
      assert.deepEqual(Tags, { stage: 'prod' });
    },
    async 'a queue has at most 50 tags'(context, { url: QueueUrl }) {
      await context.sqs.tagQueue({ QueueUrl, Tags: manyTags(50) });
      await refuses(context.sqs.tagQueue({ QueueUrl, Tags: manyTags(51) }), 'InvalidParameterValue');
    },
  }),
];
