import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import type { Outside } from '../../../lib/compose/outside.ts';
import type { HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import { scripted } from '../../support/scripted-clients.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

type Item = NonNullable<PutItemCommandInput['Item']>;

export interface QueueCall {
  readonly queue: string | undefined;
  /** Of a message that is put there; undefined when one is hidden. */
  readonly body?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly hiddenSeconds?: number | undefined;
}

/** The outside of a composed function in memory: everything that it touches is kept, and any service may fail. */
export interface TestOutside extends Outside {
  readonly clock: VirtualClock;
  /** The log, a line each. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly queueCalls: readonly QueueCall[];
  readonly items: Map<string, Item>;
  /** The secrets that were read. */
  readonly reads: readonly (string | undefined)[];
  readonly requests: readonly HttpRequest[];
  /** What the HTTP clients that were made are given. */
  readonly httpOptions: readonly Parameters<Outside['createHttpClient']>[0][];
  secret: string;
  /** Waited for before each call; what comes of it is thrown. */
  fault: (service: 'sqs' | 'dynamoDb' | 'secretsManager') => Error | undefined | Promise<undefined>;
  /** What Connectly answers. */
  connectly: (request: HttpRequest) => HttpResult | Promise<HttpResult>;
}

export const startedAt = Date.UTC(2026, 0, 1);

/** What any line of the log has that is written at the start, by the invocation `request-1`. */
export const lineAtStart = {
  level: 'info',
  stage: 'test',
  timestamp: new Date(startedAt).toISOString(),
  requestId: 'request-1',
};

/** The settings of both functions that send. */
export const deliveryConfig = {
  stage: 'test',
  logLevel: 'info',
  sendsQueueUrl: 'sends',
  sendsDlqUrl: 'dlq',
  outcomesQueueUrl: 'outcomes',
  ledgerTable: 'ledger',
  businessId: 'business-1',
  ifUnclear: 'hold',
  onlyTo: undefined,
} as const;

export function testOutside(): TestOutside {
  const lines: Record<string, unknown>[] = [];
  const queueCalls: QueueCall[] = [];
  const items = new Map<string, Item>();
  const reads: (string | undefined)[] = [];
  const requests: HttpRequest[] = [];
  const httpOptions: Parameters<Outside['createHttpClient']>[0][] = [];
  let ids = 0;

  async function queue(command: object): Promise<object> {
    if (command instanceof SendMessageCommand) {
      const { QueueUrl: url, MessageBody: body, MessageAttributes: attributes = {} } = command.input;
      const texts = Object.entries(attributes).map(([name, { StringValue: text }]) => [name, text] as const);
      queueCalls.push({ queue: url, body, attributes: Object.fromEntries(texts) });
      return { MessageId: 'stored' };
    }
    if (!(command instanceof ChangeMessageVisibilityBatchCommand)) throw new TypeError('no such command');
    const { QueueUrl: url, Entries: entries = [] } = command.input;
    for (const { VisibilityTimeout: hiddenSeconds } of entries)
      queueCalls.push({ queue: url, hiddenSeconds });
    return { Successful: entries.map(({ Id }) => ({ Id })) };
  }

  async function table(command: object): Promise<object> {
    if (command instanceof GetItemCommand) {
      const found = items.get(keyIn(command.input.Key));
      return found === undefined ? {} : { Item: found };
    }
    if (!(command instanceof PutItemCommand)) throw new TypeError('no such command');
    const { Item: item = {}, ExpressionAttributeValues: values } = command.input;
    const found = items.get(keyIn(item));
    if (found?.['revision']?.N !== values?.[':expected']?.N) {
      const message = 'The conditional request failed';
      throw new ConditionalCheckFailedException({ message, $metadata: {}, ...(found && { Item: found }) });
    }
    items.set(keyIn(item), item);
    return {};
  }

  async function secrets(command: object): Promise<object> {
    if (!(command instanceof GetSecretValueCommand)) throw new TypeError('no such command');
    reads.push(command.input.SecretId);
    return { SecretString: outside.secret };
  }

  const withFaults =
    (service: Parameters<TestOutside['fault']>[0], operate: (command: object) => Promise<object>) =>
    async (command: object): Promise<object> => {
      const fault = await outside.fault(service);
      if (fault !== undefined) throw fault;
      return operate(command);
    };

  const outside: TestOutside = {
    clock: createVirtualClock(startedAt),
    random: () => 0.5,
    newId: () => `attempt-${(ids += 1)}`,
    write: (line) => lines.push(JSON.parse(line)),
    sqs: scripted.sqs(withFaults('sqs', queue)),
    dynamoDb: scripted.dynamoDb(withFaults('dynamoDb', table)),
    secretsManager: scripted.secretsManager(withFaults('secretsManager', secrets)),
    createHttpClient(options) {
      httpOptions.push(options);
      return {
        async request(request) {
          requests.push(request);
          return outside.connectly(request);
        },
      };
    },
    lines,
    queueCalls,
    items,
    reads,
    requests,
    httpOptions,
    secret: 'key',
    fault: () => undefined,
    connectly: () => answered(201, '{"id":"V1"}'),
  };
  return outside;
}

export const answered = (status: number, body = ''): HttpResult => ({
  kind: 'answered',
  status,
  retryAfter: undefined,
  body,
});

/** What becomes of an invocation that waits for its turn: the time goes on until it ends. */
export async function inTime<Value>({ clock }: TestOutside, invocation: Promise<Value>): Promise<Value> {
  const waiting = new Set([invocation]);
  const ended = invocation.finally(() => waiting.clear());
  for (let passedMs = 0; waiting.size > 0 && passedMs < 60_000; passedMs += 10) await clock.advance(10);
  return ended;
}

/** A record as Lambda hands it over, queued at the start unless told otherwise. */
export function recordOf(
  body: unknown,
  { attributes = {}, id = 'sqs-1', sentAt = startedAt }: Partial<RecordOptions> = {},
): SqsRecord {
  const texts = Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue }] as const);
  return {
    messageId: id,
    receiptHandle: `handle of ${id}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(sentAt) },
    messageAttributes: Object.fromEntries(texts),
  };
}

interface RecordOptions {
  readonly attributes: Readonly<Record<string, string>>;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

function keyIn(item: Item | undefined): string {
  return item?.['pk']?.S ?? '';
}
