import type { AwsOperation } from '../protocols/service.ts';
import type { SqsEngine } from './engine.ts';
import { invalidParameterValue, missingParameter, queueDoesNotExist } from './errors.ts';
import { optionalString, requiredString, stringList, stringMap } from './input.ts';
import { pageOf } from './pages.ts';
import type { Queue } from './queue.ts';
import { checkAttributeNames } from './queue-attributes.ts';
import type { QueueUrls } from './queue-urls.ts';

const maximumTags = 50;

/** The operations on queues themselves: making, finding, describing, changing, emptying and deleting them. */
export function queueOperations(engine: SqsEngine, urls: QueueUrls, accountId: string) {
  return {
    async CreateQueue(input) {
      const name = requiredString(input, 'QueueName');
      const tags = stringMap(input, 'tags') ?? [];
      checkTags(tags);
      const queue = engine.createQueue(name, stringMap(input, 'Attributes') ?? []);
      for (const [key, value] of tags) queue.tags.set(key, value);
      return { QueueUrl: urls.urlOf(queue) };
    },

    async GetQueueUrl(input) {
      const name = requiredString(input, 'QueueName');
      const owner = optionalString(input, 'QueueOwnerAWSAccountId') ?? accountId;
      if (owner !== accountId) throw queueDoesNotExist();
      return { QueueUrl: urls.urlOf(engine.queue(name)) };
    },

    async ListQueues(input) {
      const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
      const { items, token } = pageOf(
        engine.queues().filter(({ name }) => name.startsWith(prefix)),
        input,
      );
      return items.length === 0 ? {} : { QueueUrls: items.map((queue) => urls.urlOf(queue)), ...token };
    },

    async DeleteQueue(input) {
      engine.deleteQueue(urls.find(engine, input));
      return {};
    },

    async GetQueueAttributes(input) {
      const queue = urls.find(engine, input);
      const names = stringList(input, 'AttributeNames');
      checkAttributeNames(names);
      const shown = attributesOf(queue).filter(([name]) => names.includes('All') || names.includes(name));
      return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) };
    },

    async SetQueueAttributes(input) {
      const queue = urls.find(engine, input);
      const changes = stringMap(input, 'Attributes');
      if (changes === undefined) throw missingParameter('Attributes');
      engine.setAttributes(queue, changes);
      return {};
    },

    async PurgeQueue(input) {
      urls.find(engine, input).purge();
      return {};
    },

    async TagQueue(input) {
      const queue = urls.find(engine, input);
      const tags = stringMap(input, 'Tags') ?? [];
      if (tags.length === 0) throw missingParameter('Tags');
      checkTags([...queue.tags, ...tags]);
      for (const [key, value] of tags) queue.tags.set(key, value);
      return {};
    },

    async UntagQueue(input) {
      const queue = urls.find(engine, input);
      const keys = stringList(input, 'TagKeys');
      if (keys.length === 0) throw missingParameter('TagKeys');
      for (const key of keys) queue.tags.delete(key);
      return {};
    },

    async ListQueueTags(input) {
      const { tags } = urls.find(engine, input);
      return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
    },

    async ListDeadLetterSourceQueues(input) {
      const { items, token } = pageOf(engine.sourcesOf(urls.find(engine, input)), input);
      // The one list of this service whose name begins with a small letter.
      return { queueUrls: items.map((queue) => urls.urlOf(queue)), ...token };
    },
  } satisfies Record<string, AwsOperation>;
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1_000));

/** All of a queue's attributes as AWS shows them: strings, times in whole seconds. */
export function attributesOf(queue: Queue): readonly (readonly [string, string])[] {
  const counts = queue.counts();
  return [
    ...queue.attributes,
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(counts.visible)],
    ['ApproximateNumberOfMessagesNotVisible', String(counts.inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(counts.delayed)],
    ['CreatedTimestamp', seconds(queue.createdAt)],
    ['LastModifiedTimestamp', seconds(queue.modifiedAt)],
  ];
}

function checkTags(tags: readonly (readonly [string, string])[]): void {
  if (new Set(tags.map(([key]) => key)).size > maximumTags)
    throw invalidParameterValue(`Too many tags added for queue: at most ${maximumTags}.`);
  for (const [key, value] of tags)
    if (key.length < 1 || key.length > 128 || value.length > 256 || /^aws:/i.test(key))
      throw invalidParameterValue(`The tag '${key}' is invalid.`);
}
