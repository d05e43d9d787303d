import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type BrowseOptions, browseDeadLetters } from '../../../../cli/dlq/browsing.ts';
import type { DeadLetter } from '../../../../cli/dlq/dead-letter.ts';
import type { RedrivePorts } from '../../../../cli/dlq/redriving.ts';
import { messageKey } from '../../../../lib/delivery/decode.ts';
import type { LedgerEntry } from '../../../../lib/delivery/ledger/entry.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import { createSqs, type MessageView, type Sqs } from '../../../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../../../local/clock.ts';
import { clientSettings } from '../../../support/client-settings.ts';
import { createMemoryLedger, type MemoryLedger } from '../../../support/memory-ledger.ts';
import { largestMessageIn } from '../../../support/queue-sizes.ts';

export const region = 'eu-central-1';
const businessId = 'business-1';

/** A dead letter as a test wants it; a valid text where no body is given. */
export interface Planted {
  readonly id?: string;
  readonly code?: string;
  readonly expiresAt?: number;
  readonly body?: string;
  readonly attributes?: Record<string, { DataType: string; StringValue: string }>;
  readonly groupId?: string;
}

/** The sends queue and its dead-letter queue for one test, and the ledger beside them. */
export interface DeadLetterQueue {
  readonly sqs: Sqs;
  readonly client: SQSClient;
  readonly ledger: MemoryLedger;
  readonly ports: RedrivePorts;
  plant(letter: Planted): Promise<void>;
  /** What `browseDeadLetters` takes; all that is there, without waiting. */
  browsing(options?: Partial<BrowseOptions>): BrowseOptions;
  /** Every letter, as browsing finds it. */
  look(options?: Partial<BrowseOptions>): Promise<DeadLetter[]>;
  /** What is on a queue. */
  queued(name: 'sends' | 'sends-dlq'): readonly MessageView[];
}

export const text = (value: string) => ({ DataType: 'String', StringValue: value });
export const inAnHour = () => Date.now() + 3_600_000;

export const entry = (state: LedgerEntry['state']): LedgerEntry => ({
  state,
  content: 'c',
  attemptId: 'a',
  leaseUntil: 0,
  forgetAt: inAnHour(),
});

/** The key of a message of the business that browsing goes by. */
export const keyOf = (id: string) => messageKey({ businessId, id });

export function attributesOf(message: MessageView | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    message?.attributes.map(({ name, value }) => [name, 'text' in value ? value.text : undefined]) ?? [],
  );
}

export async function startDeadLetterQueue(): Promise<DeadLetterQueue> {
  let endpoint: AwsEndpoint;
  const sqs = createSqs({
    clock: systemClock,
    region,
    accountId: '000000000000',
    baseUrl: () => endpoint.url,
  });
  endpoint = await startAwsEndpoint({ services: [sqs.service] });
  const client = new SQSClient(clientSettings(endpoint.url, region));
  onTestFinished(async () => {
    client.destroy();
    await endpoint.close();
  });
  const urlOf = async (name: string, id: string) => {
    const attributes = { MaximumMessageSize: String(largestMessageIn(id)) };
    await sqs.service.operations.CreateQueue({ QueueName: name, Attributes: attributes });
    return `${endpoint.url}/000000000000/${name}`;
  };
  const ledger = createMemoryLedger();
  const sendsQueueUrl = await urlOf('sends', 'SendsQueue');
  const deadLetterQueueUrl = await urlOf('sends-dlq', 'SendsDlq');
  const browsing = (options: Partial<BrowseOptions> = {}): BrowseOptions => ({
    client,
    queueUrl: deadLetterQueueUrl,
    businessId,
    waitSeconds: 0,
    signal: new AbortController().signal,
    ...options,
  });
  return {
    sqs,
    client,
    ledger,
    ports: { client, sendsQueueUrl, deadLetterQueueUrl, ledger, now: Date.now },
    async plant({ id, code, expiresAt, body, attributes = {}, groupId }) {
      const command = new SendMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        MessageGroupId: groupId,
        MessageBody: body ?? JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', id }),
        MessageAttributes: {
          ...attributes,
          ...(id !== undefined && { 'relay.id': text(id) }),
          ...(code !== undefined && { 'error.code': text(code) }),
          ...(expiresAt !== undefined && { 'relay.expiresAt': text(new Date(expiresAt).toISOString()) }),
        },
      });
      await client.send(command);
    },
    browsing,
    async look(options) {
      const found: DeadLetter[] = [];
      await browseDeadLetters(browsing(options), async (page) => {
        found.push(...page);
        return 'more';
      });
      return found;
    },
    queued: (name) =>
      sqs
        .queues()
        .find((queue) => queue.name === name)
        ?.peek(Infinity) ?? [],
  };
}
