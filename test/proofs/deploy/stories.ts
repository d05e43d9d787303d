import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { fromItem } from '../../../lib/aws/ledger-table.ts';
import { messageKey } from '../../../lib/delivery/decode.ts';
import type { FakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import { eventually } from '../../support/waiting.ts';
import type { AwsCli } from './aws-cli.ts';
import type { RunningFunctions } from './emulator.ts';
import type { Report } from './report.ts';

/** The deployed relay as its users see it. */
export interface World {
  readonly report: Report;
  readonly aws: AwsCli;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly connectly: FakeConnectly;
  readonly webhookUrl: string;
  readonly businessId: string;
  readonly queueUrls: { readonly [Queue in 'events' | 'sends' | 'sendsDlq' | 'outcomes']: string };
  readonly ledgerTable: string;
  readonly feedSettleSend: RunningFunctions['feedSettleSend'];
}

/** What the deployed functions do with messages: one story each, in this order. */
export async function tellStories(world: World): Promise<void> {
  await signedWebhook(world);
  await forgedWebhook(world);
  await text(world);
  await template(world);
  await refused(world);
  await retried(world);
  await duplicate(world);
  await unclear(world);
}

/** What becomes of messages where one recipient is named, +15550000001. */
export async function tellRecipientStory(world: World): Promise<void> {
  const { report, connectly } = world;
  const [named, other] = ['+15550000001', '+15550000008'];
  for (const to of [other, named])
    await enqueue(world, { type: 'template', to, templateName: 'order_ready', id: `to-${to}` });
  const letter = await taken(world, 'sendsDlq', ({ Body: body = '' }) => body.includes(other));
  report.equal(
    'a message for somebody whom onlyTo does not name is in the sends DLQ with that reason',
    letter.MessageAttributes?.['error.code']?.StringValue,
    'recipient-not-allowed',
  );
  await acceptedRequests(world, named, 1);
  report.equal(
    '... and Connectly has heard of the named one alone',
    Object.keys(connectly.state(0).accepted.byRecipient),
    [named],
  );
}

async function signedWebhook(world: World): Promise<void> {
  const { report, connectly } = world;
  const sent = connectly.inbound({ from: '+15550000001' });
  const queued = await taken(world, 'events', ({ Body: body = '' }) => body.includes('+15550000001'));
  report.equal(
    'a signed webhook is on the events queue, as the vendor sent it',
    Object(JSON.parse(queued.Body ?? '')).event,
    JSON.parse(sent.body),
  );
}

async function forgedWebhook(world: World): Promise<void> {
  const { report, webhookUrl } = world;
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain',
      'x-connectly-hmac-sha256': Buffer.alloc(32).toString('base64'),
    },
    body: '{"forged":true}',
  });
  report.equal('a webhook with a wrong signature is answered with 401', response.status, 401);
  report.equal('... and queued nowhere', await receive(world, 'events'), []);
}

async function text(world: World): Promise<void> {
  const to = '+15550000002';
  world.connectly.setWindow({ customer: to, state: 'open' });
  await enqueue(world, { type: 'text', to, text: 'hello!', id: 'a-text' });
  const [request] = await acceptedRequests(world, to, 1);
  world.report.equal(
    'a text arrives at Connectly as the documented request',
    [request?.path, request?.body],
    [
      `/v1/businesses/${world.businessId}/send/messages`,
      {
        recipient: { channelType: 'whatsapp', id: to },
        message: { text: 'hello!' },
        callbackData: { relay: { v: 1, id: 'a-text' } },
      },
    ],
  );
  await ledgerState(world, 'a-text', 'SENT');
}

async function template(world: World): Promise<void> {
  const to = '+15550000003';
  const parameters = [{ name: 'body_1', value: 'Ana' }];
  await enqueue(world, { type: 'template', to, templateName: 'order_ready', language: 'en', parameters });
  const [request] = await acceptedRequests(world, to, 1);
  world.report.equal(
    'a template arrives at Connectly as the documented request',
    [request?.path, request?.body],
    [
      `/v1/businesses/${world.businessId}/send/whatsapp_templated_messages`,
      { number: to, templateName: 'order_ready', language: 'en', parameters },
    ],
  );
}

async function refused(world: World): Promise<void> {
  const to = '+15550000004';
  await enqueue(world, { type: 'text', to, text: 'hello!', id: 'a-cold-call' });
  const letter = await taken(world, 'sendsDlq', ({ Body: body = '' }) => body.includes(to));
  world.report.equal(
    'a message that Connectly refuses is in the sends DLQ with its code and its key',
    ['error.code', 'relay.id'].map((name) => letter.MessageAttributes?.[name]?.StringValue),
    ['ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION', 'a-cold-call'],
  );
  await ledgerState(world, 'a-cold-call', 'RETRY');
}

async function retried(world: World): Promise<void> {
  const to = '+15550000005';
  world.connectly.addFault({ kind: 'answer', status: 429, retryAfter: 1, match: { recipient: to } });
  await enqueue(world, { type: 'template', to, templateName: 'order_ready', id: 'a-retry' });
  const accepted = await acceptedRequests(world, to, 1);
  world.report.equal(
    'a message that is answered with 429 comes back and is accepted once',
    [requestStatuses(world, to), accepted.length],
    [[429, 201], 1],
  );
}

async function duplicate(world: World): Promise<void> {
  const to = '+15550000006';
  const message = { type: 'template', to, templateName: 'order_ready', id: 'a-duplicate' };
  await enqueue(world, message);
  await acceptedRequests(world, to, 1);
  await enqueue(world, message);
  await emptied(world, 'sends');
  world.report.equal(
    'the same id twice is one request, and the second copy is gone from the sends queue',
    requestStatuses(world, to),
    [201],
  );
}

async function unclear(world: World): Promise<void> {
  const { report, connectly, feedSettleSend } = world;
  const to = '+15550000007';
  const id = 'an-unclear-one';
  connectly.addFault({ kind: 'reset', accept: true, match: { recipient: to } });
  await feedSettleSend(false);
  await enqueue(world, { type: 'template', to, templateName: 'order_ready', id });
  await ledgerState(world, id, 'UNKNOWN');
  const parked = await held(world, 'outcomes', ({ Body: body = '' }) => body.includes(to));
  report.holds('... and the message waits on the outcomes queue', true);
  // Whoever looks too early waits for as long as a lease: the status comes first.
  await feedSettleSend(true);
  const accepted = connectly.state().accepted.newest.find(({ recipient }) => recipient === to);
  connectly.emitStatus({ messageId: accepted?.id ?? '', status: 'delivered' });
  const event = await taken(world, 'events', ({ Body: body = '' }) => body.includes(`"sendId":"${id}"`));
  report.equal(
    'its delivery status is on the events queue under the id of the producer',
    Object(JSON.parse(event.Body ?? '')).topic,
    'delivery_status',
  );
  await ledgerState(world, id, 'SENT');
  await showAgain(world, 'outcomes', parked);
  await emptied(world, 'outcomes');
  report.equal('the unclear message was sent once, and is settled', requestStatuses(world, to).length, 1);
  report.equal('... and not in the sends DLQ', await receive(world, 'sendsDlq'), []);
}

/** A producer in another language: the AWS CLI. */
async function enqueue({ aws, queueUrls }: World, message: object): Promise<void> {
  await aws([
    'sqs',
    'send-message',
    '--queue-url',
    queueUrls.sends,
    '--message-body',
    JSON.stringify(message),
  ]);
}

/** Resolves to the requests for a customer that Connectly has carried out, once there are so many. */
function acceptedRequests({ connectly }: World, customer: string, count: number) {
  return eventually(`The message for ${customer}`, () => {
    const own = connectly.state().accepted.newest.filter(({ recipient }) => recipient === customer);
    return own.length >= count ? own.map(({ request }) => request) : undefined;
  });
}

/** What each request for a customer was answered with, in their order. */
function requestStatuses({ connectly }: World, customer: string): (number | null)[] {
  return connectly
    .state()
    .requests.newest.filter(({ recipient }) => recipient === customer)
    .toSorted((one, other) => one.number - other.number)
    .map(({ outcome }) => outcome.status);
}

/** Takes what is on a queue off it. */
async function receive(world: World, queue: keyof World['queueUrls']): Promise<Message[]> {
  const messages = await look(world, queue);
  for (const { ReceiptHandle } of messages)
    await world.sqs.send(new DeleteMessageCommand({ QueueUrl: world.queueUrls[queue], ReceiptHandle }));
  return messages;
}

/** Receives what is on a queue, which then stays hidden for its visibility timeout. */
async function look({ sqs, queueUrls }: World, queue: keyof World['queueUrls']): Promise<Message[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrls[queue],
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    }),
  );
  return messages;
}

type Fits = (message: Message) => boolean;

/** Takes messages off a queue until one fits. */
function taken(world: World, queue: keyof World['queueUrls'], fits: Fits): Promise<Message> {
  return eventually(`The message on the ${queue} queue`, async () =>
    (await receive(world, queue)).find(fits),
  );
}

/** Resolves to the message that fits and leaves it on its queue, hidden. */
function held(world: World, queue: keyof World['queueUrls'], fits: Fits): Promise<Message> {
  return eventually(`The message on the ${queue} queue`, async () => (await look(world, queue)).find(fits));
}

async function showAgain(
  { sqs, queueUrls }: World,
  queue: keyof World['queueUrls'],
  { ReceiptHandle }: Message,
): Promise<void> {
  const request = { QueueUrl: queueUrls[queue], ReceiptHandle, VisibilityTimeout: 0 };
  await sqs.send(new ChangeMessageVisibilityCommand(request));
}

/** How many messages are on a queue, in sight or not. */
async function total({ aws, queueUrls }: World, queue: keyof World['queueUrls']): Promise<number> {
  const answer = await aws([
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    queueUrls[queue],
    '--attribute-names',
    'All',
  ]);
  const { Attributes: attributes } = Object(answer);
  return (
    Number(attributes.ApproximateNumberOfMessages) + Number(attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

async function emptied(world: World, queue: keyof World['queueUrls']): Promise<void> {
  await eventually(`That the ${queue} queue is empty`, async () =>
    (await total(world, queue)) === 0 ? true : undefined,
  );
}

async function ledgerState(
  { report, dynamoDb, ledgerTable, businessId }: World,
  id: string,
  wanted: string,
): Promise<void> {
  const command = new GetItemCommand({
    TableName: ledgerTable,
    Key: { pk: { S: messageKey({ businessId, id }) } },
    ConsistentRead: true,
  });
  await eventually(`That the ledger has ${id} as ${wanted}`, async () => {
    const { Item: item } = await dynamoDb.send(command);
    return item !== undefined && fromItem(item).entry.state === wanted ? true : undefined;
  });
  report.holds(`the ledger has ${id} as ${wanted}`, true);
}
