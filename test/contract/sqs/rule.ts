import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Message, type ReceiveMessageRequest, type SendMessageRequest, SQS } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../support/client-settings.ts';
import type { Rule as AnyRule } from '../run-rules.ts';

/**
 * One of SQS's rules. Its source is the title of a page, in the SQS developer guide or API reference unless it says
 * otherwise; or a test of others' that has been run against AWS. Where the two disagree, what AWS did is the rule.
 */
export type Rule = AnyRule<RuleContext>;

/** Rules that have one source. Each check stands under the name of its rule, and gets a new queue with nothing set. */
export function rulesOf(
  source: string,
  checks: Readonly<Record<string, (context: RuleContext, queue: TestQueue) => Promise<void>>>,
): Rule[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    source,
    run: async (context) => check(context, await context.createQueue()),
  }));
}

/** Of what LocalStack's `test_sqs.py` found on AWS. `test` says which test; `date`, the day of the run, may be unknown. */
export function seenOnAws(test: string, date?: string): string {
  return `found on AWS by LocalStack (${test})${date === undefined ? '' : `, last on ${date}`}`;
}

/** How time passes at an endpoint. */
export interface Time {
  /** Lets this much time pass. Throws `NotRunnable` where that would take too long. */
  advance(milliseconds: number): Promise<void>;
  /** Resolves when the receive call just made is waiting at the service. */
  pollArrives(): Promise<void>;
}

export interface TestQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** What a rule works with. Every rule makes its own queues, which nobody else knows. */
export class RuleContext {
  readonly sqs: SQS;
  readonly endpoint: string;
  readonly #time: Time;

  constructor(endpoint: string, time: Time) {
    this.endpoint = endpoint;
    this.#time = time;
    this.sqs = new SQS(clientSettings(endpoint, 'eu-central-1'));
  }

  close(): void {
    this.sqs.destroy();
  }

  advance(milliseconds: number): Promise<void> {
    return this.#time.advance(milliseconds);
  }

  pollArrives(): Promise<void> {
    return this.#time.pollArrives();
  }

  readonly uniqueName = (): string => `rule-${randomUUID()}`;

  async createQueue(attributes: Record<string, string> = {}): Promise<TestQueue> {
    const name = this.uniqueName();
    const { QueueUrl: url = '' } = await this.sqs.createQueue({ QueueName: name, Attributes: attributes });
    return { name, url, arn: (await this.attributes(url))['QueueArn'] ?? '' };
  }

  /** A queue whose messages go to `deadLetters` after this many receives. */
  async createSource(deadLetters: TestQueue, maxReceiveCount = 1): Promise<TestQueue> {
    return this.createQueue({
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
    });
  }

  async attributes(url: string): Promise<Partial<Record<string, string>>> {
    const { Attributes = {} } = await this.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] });
    return Attributes;
  }

  /** Visible, in flight, delayed. */
  async counts(url: string): Promise<readonly (string | undefined)[]> {
    const attributes = await this.attributes(url);
    return ['', 'NotVisible', 'Delayed'].map((kind) => attributes[`ApproximateNumberOfMessages${kind}`]);
  }

  send({ url }: TestQueue, body: string, more: Partial<SendMessageRequest> = {}) {
    return this.sqs.sendMessage({ QueueUrl: url, MessageBody: body, ...more });
  }

  async receive({ url }: TestQueue, more: Partial<ReceiveMessageRequest> = {}): Promise<readonly Message[]> {
    const { Messages = [] } = await this.sqs.receiveMessage({ QueueUrl: url, ...more });
    return Messages;
  }

  /** The one message of a receive that must bring exactly one. */
  async receiveOne(queue: TestQueue, more: Partial<ReceiveMessageRequest> = {}): Promise<Message> {
    const [message, ...others] = await this.receive(queue, more);
    assert(message !== undefined, 'a message is received');
    assert.equal(others.length, 0, 'no more than one message is received');
    return message;
  }

  /** A message that has just been sent. */
  async received(queue: TestQueue, more: Partial<ReceiveMessageRequest> = {}): Promise<Message> {
    await this.send(queue, 'x');
    return this.receiveOne(queue, more);
  }

  /** Sends a message and receives it, without deleting it, until the source (of one receive) gives it up. */
  async giveUp(source: TestQueue, body: string): Promise<void> {
    await this.send(source, body);
    await this.receiveOne(source, { VisibilityTimeout: 0 });
    assert.deepEqual(await this.receive(source), []);
  }

  /** A request that no SDK would make. */
  async post(
    operation: string,
    body: string | object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${operation}`,
        // Emulators that serve many services tell them apart by the signature's scope.
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }
}

/**
 * Expects AWS's error. `code` is one name, or both of an error that has a name in the JSON protocol and another in the
 * Query protocol: SDKs show either, depending on their age.
 */
export async function refuses(call: Promise<unknown>, ...code: readonly string[]): Promise<void> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(outcome instanceof Error, `must be refused with ${code.join(' or ')}`);
  const shown = [outcome.name, 'Code' in outcome ? String(outcome.Code) : outcome.name];
  assert(
    shown.some((name) => code.includes(name)),
    `must be refused with ${code.join(' or ')}, not ${shown.join(', ')}: ${outcome.message}`,
  );
}

/** Sorted: a standard queue promises no order. */
export const bodiesOf = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ Body }) => present(Body)).toSorted((a, b) => a.localeCompare(b));

/** What the SDK's types call a string may be absent: in a rule that is a failure. */
export function present(value: string | undefined): string {
  assert(value !== undefined);
  return value;
}
