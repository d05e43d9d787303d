import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Stack } from '../stack.ts';

/** Points the fake Connectly at a stack's webhook: with the code of the command line, which is above this one. */
export type Register = (
  stack: Stack,
) => Promise<readonly { readonly topic: string; readonly action: string; readonly after: string }[]>;

/** What a step of the demo works with: the stack as a producer and a consumer see it. */
export interface World {
  readonly stack: Stack;
  readonly register: Register;
  /** Tells what is going on, in plain words. */
  readonly tell: (text: string) => void;
  /** Shows something that really went over the wire. */
  readonly show: (label: string, value: unknown) => void;
  /** Puts a message on the sends queue, as any producer does. */
  readonly enqueue: (message: object) => Promise<void>;
  /** Resolves to the first event on the events queue, past or to come, that fits; rejects with `what` in words. */
  readonly event: (what: string, fits: (envelope: Envelope) => boolean) => Promise<Envelope>;
  /** Resolves to the first message on the sends DLQ, past or to come, that fits. */
  readonly deadLetter: (what: string, fits: (message: Message) => boolean) => Promise<Message>;
  /** Resolves once `happened` gives something; rejects with `what` in words. */
  readonly until: <Value>(what: string, happened: () => Value | undefined) => Promise<Value>;
  readonly close: () => void;
}

/** What a consumer reads from the events queue; see the README. */
export interface Envelope {
  readonly id?: unknown;
  readonly topic?: unknown;
  readonly sendId?: unknown;
  readonly callbackData?: unknown;
  readonly event?: {
    readonly message?: { readonly text?: unknown };
    readonly statusUpdate?: { readonly id?: unknown; readonly status?: unknown };
  } | null;
}

export interface Narrator {
  readonly register: Register;
  /** How long to wait for anything to happen, in milliseconds. */
  readonly patienceMs: number;
  readonly tell: (text: string) => void;
  readonly show: (label: string, value: unknown) => void;
}

/** Opens the world on a running stack. */
export function openWorld(stack: Stack, { register, tell, show, patienceMs }: Narrator): World {
  const { outputs } = stack.description;
  const client = new SQSClient({
    endpoint: stack.awsUrl,
    region: stack.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const envelopes: Envelope[] = [];
  const deadLetters: Message[] = [];

  async function take(queueUrl: string | undefined): Promise<Message[]> {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { ReceiptHandle } of messages) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return messages;
  }

  async function search<Item>(
    what: string,
    known: Item[],
    more: () => Promise<Item[]>,
    fits: (item: Item) => boolean,
  ) {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = known.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what} did not come.`);
      known.push(...(await more()));
    }
  }

  return {
    stack,
    register,
    tell,
    show,
    async enqueue(message) {
      const body = JSON.stringify(message);
      show('on the sends queue', message);
      await client.send(new SendMessageCommand({ QueueUrl: outputs['SendsQueueUrl'], MessageBody: body }));
    },
    event: (what, fits) =>
      search(
        what,
        envelopes,
        async () => (await take(outputs['EventsQueueUrl'])).map(({ Body }) => readEnvelope(Body)),
        fits,
      ),
    deadLetter: (what, fits) => search(what, deadLetters, () => take(outputs['SendsDlqUrl']), fits),
    async until(what, happened) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const value = happened();
        if (value !== undefined) return value;
        if (Date.now() > deadline) throw new Error(`${what} did not happen.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: () => client.destroy(),
  };
}

function readEnvelope(body: string | undefined): Envelope {
  const json: unknown = JSON.parse(body ?? 'null');
  return typeof json === 'object' && json !== null ? json : {};
}
