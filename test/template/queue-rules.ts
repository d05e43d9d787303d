import { maximumMessageBytes } from '../../lib/message/parse.ts';
import {
  arnOf,
  list,
  mappingsOf,
  type Properties,
  problemsUnless,
  type Rule,
  record,
  referenceOf,
  resourcesOf,
  statementsOf,
  type Template,
  textsIn,
} from './template.ts';

const queueType = 'AWS::SQS::Queue';
const day = 24 * 60 * 60;

/** AWS: the visibility timeout is at least six times the function's timeout, plus the batching window. */
export const visibilityOutlastsRetries: Rule = (template) =>
  mappingsOf(template).flatMap(({ id, queue, lambda, properties }) => {
    const windowSeconds = Number(properties['MaximumBatchingWindowInSeconds'] ?? 0);
    const needed = 6 * Number(lambda['Timeout'] ?? 3) + windowSeconds;
    // What SQS takes when the template says nothing.
    const visibilitySeconds = Number(queue['VisibilityTimeout'] ?? 30);
    return visibilitySeconds >= needed
      ? []
      : [`${id}: the queue's visibility timeout is ${visibilitySeconds} s, not ${needed} s`];
  });

/** A dead letter keeps its first enqueue time, so its queue must keep it for longer than the source does. */
export const deadLettersOutliveTheirSource: Rule = (template) =>
  resourcesOf(template, queueType).flatMap(({ id, properties }) => {
    const dlqId = deadLetterQueueOf(properties);
    if (dlqId === undefined) return [];
    const dlq = template.Resources[dlqId]?.Properties ?? {};
    return problemsUnless(
      [retentionOf(properties) === 4 * day, `${id}: does not keep its messages for 4 days`],
      [retentionOf(dlq) === 14 * day, `${dlqId}: does not keep its messages for 14 days`],
      [retentionOf(dlq) > retentionOf(properties), `${dlqId}: does not outlive ${id}`],
    );
  });

function retentionOf(queue: Properties): number {
  return Number(queue['MessageRetentionPeriod'] ?? 4 * day);
}

/** `expected`: the dead-letter queue of each queue that has one, by logical ids. */
export function deadLetterQueuesAre(expected: Readonly<Record<string, string>>): Rule {
  return (template) =>
    resourcesOf(template, queueType).flatMap(({ id, properties }) => {
      const actual = deadLetterQueueOf(properties);
      return actual === expected[id] ? [] : [`${id}: its dead-letter queue is ${actual ?? 'missing'}`];
    });
}

/** Giving up is by expiry: SQS must not move a send away that was merely not sent yet. */
export const deadLettersAreANet: Rule = (template) =>
  Object.entries({ EventsQueue: 5, SendsQueue: 250, OutcomesQueue: 1000 }).flatMap(([id, receives]) => {
    const actual = record(template.Resources[id]?.Properties['RedrivePolicy'])['maxReceiveCount'];
    return actual === receives ? [] : [`${id}: gives up after ${String(actual)} receives, not ${receives}`];
  });

/** A dead-letter queue takes messages from its own sources, and a source from none. */
export const redriveIsAllowedFromSourcesOnly: Rule = (template) => {
  const queues = resourcesOf(template, queueType);
  return queues.flatMap(({ id, properties }) => {
    const policy = record(properties['RedriveAllowPolicy']);
    const sources = queues
      .filter((queue) => deadLetterQueueOf(queue.properties) === id)
      .map((queue) => String(queue.properties['QueueName']));
    if (sources.length === 0)
      return policy['redrivePermission'] === 'denyAll' ? [] : [`${id}: is a dead-letter queue for anybody`];
    const allowed = list(policy['sourceQueueArns']).map((arn) => textsIn(arn).join('').split(':').at(-1));
    const agree = allowed.length === sources.length && sources.every((source) => allowed.includes(source));
    return problemsUnless(
      [policy['redrivePermission'] === 'byQueue', `${id}: is a dead-letter queue for anybody`],
      [agree, `${id}: takes messages of ${allowed.join(', ')}, not of ${sources.join(', ')}`],
    );
  });
};

/** Every queue refuses everybody who comes without TLS, whatever they want. */
export const queuesNeedTls: Rule = (template) =>
  resourcesOf(template, queueType).flatMap(({ id }) => {
    const policies = new Set(
      resourcesOf(template, 'AWS::SQS::QueuePolicy')
        .filter(({ properties }) => list(properties['Queues']).some((queue) => referenceOf(queue) === id))
        .map((policy) => policy.id),
    );
    const denied = statementsOf(template).some(
      ({ id: holder, statement }) =>
        policies.has(holder) &&
        statement['Effect'] === 'Deny' &&
        statement['Principal'] === '*' &&
        statement['Action'] === 'sqs:*' &&
        arnOf(statement['Resource']) === id &&
        JSON.stringify(statement['Condition']) === '{"Bool":{"aws:SecureTransport":"false"}}',
    );
    return denied ? [] : [`${id}: may be used without TLS`];
  });

/**
 * SQS counts a message's attributes, too: the sends queue has room for the relay's and the producer's own beside the
 * longest message, and so takes back what it has given away; the others take as much as SQS does, and say so.
 */
export const queuesTakeWhatIsCopied: Rule = (template) => {
  const others = ['EventsQueue', 'EventsDlq', 'OutcomesQueue', 'SendsDlq'].map(
    (id) => [id, 1024 * 1024] as const,
  );
  return [['SendsQueue', maximumMessageBytes + 16 * 1024] as const, ...others].flatMap(([id, bytes]) => {
    const actual = template.Resources[id]?.Properties['MaximumMessageSize'];
    return actual === bytes ? [] : [`${id}: takes messages of ${String(actual)} bytes, not of ${bytes}`];
  });
};

/** With the key that AWS holds, or with one's own. */
export const queuesAreEncrypted: Rule = (template) =>
  resourcesOf(template, queueType)
    .filter(
      ({ properties }) =>
        properties['SqsManagedSseEnabled'] !== true && properties['KmsMasterKeyId'] === undefined,
    )
    .map(({ id }) => `${id}: is not encrypted`);

/** Nobody but the account's own identities may use a queue. */
export const queuesAreNotShared: Rule = (template) => openStatements(template);

function openStatements(template: Template): string[] {
  return statementsOf(template)
    .filter(({ type, statement }) => type === 'AWS::SQS::QueuePolicy' && statement['Effect'] !== 'Deny')
    .map(({ id }) => `${id}: allows what only identities of the account may`);
}

function deadLetterQueueOf(queue: Properties): string | undefined {
  return arnOf(record(queue['RedrivePolicy'])['deadLetterTargetArn']);
}
