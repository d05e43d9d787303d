import { createSqs, type MessageView, type QueueView, type Sqs } from '../../local/aws/sqs/sqs.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface SqsInProcess {
  readonly sqs: Sqs;
  readonly clock: VirtualClock;
  /** Calls an operation as the endpoint would, and reads its answer as a client would: through JSON. */
  readonly call: (operation: string, input: object, signal?: AbortSignal) => Promise<Answer>;
  /** Creates a queue and resolves to its URL. */
  readonly createQueue: (name: string, attributes?: Record<string, string>) => Promise<string>;
  readonly view: (name: string) => QueueView;
  readonly messages: (name: string) => readonly MessageView[];
}

/** As much of the answers as the tests look at. */
export interface Answer {
  readonly QueueUrl?: string;
  readonly MessageId?: string;
  readonly TaskHandle?: string;
  readonly Messages?: readonly AnsweredMessage[];
  readonly Results?: readonly { readonly Status?: string; readonly FailureReason?: string }[];
}

export interface AnsweredMessage {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** The SQS emulator without HTTP, over a clock that stands still. */
export function createSqsInProcess(): SqsInProcess {
  const clock = createVirtualClock();
  const sqs = createSqs({
    clock,
    region: 'eu-central-1',
    accountId: '000000000000',
    baseUrl: () => 'http://127.0.0.1:1',
  });
  const call = async (operation: string, input: object, signal = new AbortController().signal) => {
    const run = sqs.service.operations[operation];
    if (run === undefined) throw new Error(`There is no operation ${operation}.`);
    const answer: Answer = JSON.parse(JSON.stringify(await run({ ...input }, { signal })));
    return answer;
  };
  const view = (name: string): QueueView => {
    const found = sqs.queues().find((queue) => queue.name === name);
    if (found === undefined) throw new Error(`There is no queue ${name}.`);
    return found;
  };
  return {
    sqs,
    clock,
    call,
    createQueue: async (name, attributes = {}) => {
      const { QueueUrl = '' } = await call('CreateQueue', { QueueName: name, Attributes: attributes });
      return QueueUrl;
    },
    view,
    messages: (name) => view(name).peek(Infinity),
  };
}
