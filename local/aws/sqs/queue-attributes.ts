import {
  invalidAttributeName,
  invalidAttributeValue,
  invalidValueFor,
  unsupportedOperation,
} from './errors.ts';

/** The attributes that somebody has set, by AWS's names, as the strings that AWS answers with. */
export type QueueAttributes = ReadonlyMap<string, string>;

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  readonly permission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly redrivePolicy: RedrivePolicy | undefined;
  readonly redriveAllowPolicy: RedriveAllowPolicy | undefined;
}

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
}

// Ranges and defaults: the API reference's pages of CreateQueue and SetQueueAttributes.
const ranges = {
  DelaySeconds: { minimum: 0, maximum: 900, initial: 0 },
  MaximumMessageSize: { minimum: 1_024, maximum: 1_048_576, initial: 1_048_576 },
  MessageRetentionPeriod: { minimum: 60, maximum: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { minimum: 0, maximum: 20, initial: 0 },
  VisibilityTimeout: { minimum: 0, maximum: 43_200, initial: 30 },
} as const satisfies Record<string, Range>;

const fifoAttributes = [
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
];
const encryptionAttributes = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
const documents = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'];

/** Known only when read. */
export const computedAttributes = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
];

const settable = new Set([...Object.keys(ranges), ...documents, ...encryptionAttributes]);
const readable = new Set([...settable, ...computedAttributes, ...fifoAttributes, 'All']);

export function checkAttributeNames(names: readonly string[]): void {
  for (const name of names) if (!readable.has(name)) throw invalidAttributeName(name);
}

export const initialAttributes: QueueAttributes = new Map([
  ...Object.entries(ranges).map(([name, { initial }]): [string, string] => [name, String(initial)]),
  ['SqsManagedSseEnabled', 'true'],
]);

/** Lays `changes` over `current` after checking every one. An empty document removes it, as on AWS. */
export function mergeAttributes(
  current: QueueAttributes,
  changes: readonly (readonly [string, string])[],
): QueueAttributes {
  const merged = new Map(current);
  for (const [name, value] of changes) {
    if (fifoAttributes.includes(name)) throw refuseFifo(name, value);
    if (!settable.has(name)) throw invalidAttributeName(name);
    checkValue(name, value);
    if (value === '') merged.delete(name);
    else merged.set(name, value);
    // A key of one's own replaces the encryption that SQS manages: only one kind can be on.
    if (name === 'KmsMasterKeyId' && value !== '') merged.set('SqsManagedSseEnabled', 'false');
  }
  return merged;
}

function refuseFifo(name: string, value: string): Error {
  if (name === 'FifoQueue' && value === 'true')
    return unsupportedOperation(
      'FIFO queues are not supported here: this emulator has standard queues only.',
    );
  return invalidAttributeName(name);
}

function checkValue(name: string, value: string): void {
  const range = rangeOf(name);
  if (range !== undefined) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range.minimum || number > range.maximum)
      throw invalidAttributeValue(name);
  }
  if (name === 'SqsManagedSseEnabled' && value !== 'true' && value !== 'false')
    throw invalidAttributeValue(name);
  if (value === '') return;
  if (name === 'RedrivePolicy') parseRedrivePolicy(value);
  if (name === 'RedriveAllowPolicy') parseRedriveAllowPolicy(value);
}

const rangeOf = (name: string): Range | undefined => new Map<string, Range>(Object.entries(ranges)).get(name);

/** The attributes as numbers and objects. They were checked when they were set. */
export function settingsOf(attributes: QueueAttributes): QueueSettings {
  const number = (name: keyof typeof ranges) => Number(attributes.get(name) ?? ranges[name].initial);
  const redrive = attributes.get('RedrivePolicy');
  const allow = attributes.get('RedriveAllowPolicy');
  return {
    delaySeconds: number('DelaySeconds'),
    maximumMessageBytes: number('MaximumMessageSize'),
    retentionSeconds: number('MessageRetentionPeriod'),
    receiveWaitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    visibilityTimeoutSeconds: number('VisibilityTimeout'),
    redrivePolicy: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    redriveAllowPolicy: allow === undefined ? undefined : parseRedriveAllowPolicy(allow),
  };
}

function parseDocument(name: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidValueFor(
      name,
      text,
      'Amazon SQS can not create the policy, as it is not in a correct format.',
    );
  return { ...value };
}

function parseRedrivePolicy(text: string): RedrivePolicy {
  const policy = parseDocument('RedrivePolicy', text);
  const target = policy['deadLetterTargetArn'];
  const count = policy['maxReceiveCount'];
  const unknown = Object.keys(policy).find(
    (key) => key !== 'deadLetterTargetArn' && key !== 'maxReceiveCount',
  );
  if (target === undefined || count === undefined)
    throw invalidValueFor(
      'RedrivePolicy',
      text,
      `Redrive policy does not contain mandatory attribute: ${target === undefined ? 'deadLetterTargetArn' : 'maxReceiveCount'}.`,
    );
  if (unknown !== undefined) throw invalidValueFor('RedrivePolicy', text, `Unknown attribute: ${unknown}.`);
  if (typeof target !== 'string' || !/^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]{1,80}$/.test(target))
    throw invalidValueFor('RedrivePolicy', text, 'Invalid value for deadLetterTargetArn.');
  // The console writes a number, CloudFormation and many templates a string: AWS takes both.
  const maxReceiveCount = typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : count;
  if (
    typeof maxReceiveCount !== 'number' ||
    !Number.isInteger(maxReceiveCount) ||
    maxReceiveCount < 1 ||
    maxReceiveCount > 1_000
  )
    throw invalidValueFor(
      'RedrivePolicy',
      text,
      `Invalid value for maxReceiveCount: ${JSON.stringify(count)}, valid values are from 1 to 1000 both inclusive.`,
    );
  return { deadLetterTargetArn: target, maxReceiveCount };
}

function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const policy = parseDocument('RedriveAllowPolicy', text);
  const permission = policy['redrivePermission'];
  const arns = policy['sourceQueueArns'];
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue')
    throw invalidValueFor('RedriveAllowPolicy', text, 'Invalid value for redrivePermission.');
  if (permission !== 'byQueue') {
    if (arns !== undefined)
      throw invalidValueFor('RedriveAllowPolicy', text, 'sourceQueueArns is only valid with byQueue.');
    return { permission, sourceQueueArns: [] };
  }
  // Ten at most: for more, AWS says to allow all.
  if (!Array.isArray(arns) || arns.length < 1 || arns.length > 10 || !arns.every(isString))
    throw invalidValueFor('RedriveAllowPolicy', text, 'sourceQueueArns must name 1 to 10 queues.');
  return { permission, sourceQueueArns: arns };
}

const isString = (value: unknown): value is string => typeof value === 'string';
