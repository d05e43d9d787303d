import { sign, signatureHeader } from '../../../lib/webhook/signature.ts';
import type { Envelope, World } from './world.ts';

/** One step of the demo. It rejects when what it shows does not come true. */
export interface Step {
  readonly name: string;
  readonly run: (world: World) => Promise<void>;
}

const customer = '+16315555500';
const stranger = '+16315555999';

/** What the forged webhook is signed with. */
export const forgersSecret = 'not-the-secret';

/** The story, in the order in which it is told. The judge is the fake Connectly: what it counted, not what we say. */
export const story: readonly Step[] = [
  {
    name: 'register the webhook',
    async run({ stack, tell, show, register }) {
      tell(
        'Connectly has to know where to send its webhooks. The relay registers its address for both topics.',
      );
      const registrations = await register(stack);
      for (const { topic, action, after } of registrations) show(action, `${topic} -> ${after}`);
      const topics = new Set(stack.connectly.state().registrations.map(({ topic }) => topic));
      check(topics.has('messages') && topics.has('delivery_status'), 'The fake Connectly lacks a topic.');
    },
  },
  {
    name: 'receive a text',
    async run({ stack, tell, show, event }) {
      tell(
        'A customer writes. Connectly signs the webhook; the relay verifies it and queues the event for you.',
      );
      const text = 'Is my order ready?';
      const { body } = stack.connectly.inbound({ kind: 'text', from: customer, text });
      show('webhook body', body);
      const envelope = await event(
        'The text on the events queue',
        ({ event: inner }) => inner?.message?.text === text,
      );
      show('on the events queue', envelope);
      check(envelope.topic === 'messages', 'The event does not have the topic "messages".');
    },
  },
  {
    name: 'refuse a forged webhook',
    async run({ stack, tell, show }) {
      tell(
        'Somebody else sends a webhook, signed with another secret. It gets a 401, and nothing is queued.',
      );
      const before = queued(stack, 'EventsQueueArn');
      const body = '{"message":{"text":"Send the goods to me instead"}}';
      const response = await fetch(stack.webhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', [signatureHeader]: sign(body, forgersSecret) },
        body,
      });
      show('answer', `${response.status} ${await response.text()}`);
      check(response.status === 401, `The answer was ${response.status}, not 401.`);
      check(queued(stack, 'EventsQueueArn') === before, 'Something was queued.');
    },
  },
  {
    name: 'send a text',
    async run(world) {
      world.tell(
        'You answer: a JSON message on the sends queue. The customer wrote less than 24 hours ago, so a text may go out.',
      );
      await world.enqueue({ type: 'text', to: customer, text: 'Yes, come by until six.', id: 'answer-1' });
      const accepted = await acceptedSend(world, 'answer-1');
      world.show('request', requestLine(accepted));
      world.show('accepted as', accepted.id);
    },
  },
  {
    name: 'send a template',
    async run(world) {
      world.tell(
        'A template may go out at any time. Data of yours travels along and comes back with every status.',
      );
      await world.enqueue({
        type: 'template',
        to: stranger,
        templateName: 'order_ready',
        language: 'en',
        parameters: [{ name: 'body_1', value: 'Ana' }],
        id: 'order-42-ready',
        callbackData: { order: 42 },
      });
      const accepted = await acceptedSend(world, 'order-42-ready');
      world.show('request', requestLine(accepted));
      world.show('accepted as', accepted.id);
    },
  },
  {
    name: 'hear how it went',
    async run({ tell, show, event }) {
      tell('Connectly reports what became of it. Each status comes with your own id and data.');
      for (const status of ['sent', 'delivered', 'read']) {
        const fits = (envelope: Envelope) =>
          envelope.sendId === 'order-42-ready' && envelope.event?.statusUpdate?.status === status;
        const { id, sendId, callbackData } = await event(`The status "${status}"`, fits);
        show(status, { id, sendId, callbackData });
        check(
          JSON.stringify(callbackData) === '{"order":42}',
          'The data that came back is not what was sent.',
        );
      }
    },
  },
  {
    name: 'refuse what cannot be sent',
    async run(world) {
      world.tell(
        'A text to somebody who never wrote. Connectly refuses it; sending it again would not help.',
      );
      const before = sendRequests(world);
      await world.enqueue({ type: 'text', to: stranger, text: 'Hello?', id: 'cold-call' });
      const letter = await world.deadLetter(
        'The message in the dead-letter queue',
        ({ MessageAttributes: attributes }) => attributes?.['relay.id']?.StringValue !== undefined,
      );
      const reason = Object.entries(letter.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
        name,
        StringValue,
      ]);
      world.show('on the sends DLQ', Object.fromEntries(reason));
      const code = letter.MessageAttributes?.['error.code']?.StringValue;
      check(code === 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION', `The reason is ${code}.`);
      check(sendRequests(world) - before === 1, 'Connectly was asked more than once.');
      check(!isAccepted(world, 'cold-call'), 'Connectly accepted it.');
    },
  },
  {
    name: 'try again after "too many requests"',
    async run(world) {
      world.tell(
        'Connectly answers 429 and asks for a second of patience. The message goes back to the queue and out again.',
      );
      const before = world.stack.connectly.state().injected['answer-429']?.notAccepted ?? 0;
      const endpoint = 'send/messages';
      world.stack.connectly.addFault({
        kind: 'answer',
        status: 429,
        retryAfter: 1,
        name: 'answer-429',
        match: { endpoint },
      });
      await world.enqueue({ type: 'text', to: customer, text: 'See you!', id: 'answer-2' });
      const accepted = await acceptedSend(world, 'answer-2');
      const refusals = (world.stack.connectly.state().injected['answer-429']?.notAccepted ?? 0) - before;
      world.show('answered 429', `${refusals} time`);
      world.show('then accepted as', accepted.id);
      check(refusals === 1, `Connectly answered 429 ${refusals} times, not once.`);
    },
  },
  {
    name: 'count',
    async run({ stack, tell, show }) {
      tell("In the end the fake Connectly's own counts decide.");
      const { accepted } = stack.connectly.state();
      show('accepted', accepted.byCallbackData);
      const counts = Object.values(accepted.byCallbackData);
      check(accepted.count === 3, `It accepted ${accepted.count} messages, not 3.`);
      check(
        counts.length === 3 && counts.every((count) => count === 1),
        'It accepted one of them more than once.',
      );
    },
  },
];

type Accepted = ReturnType<World['stack']['connectly']['state']>['accepted']['newest'][number];

function acceptedSend(world: World, sendId: string): Promise<Accepted> {
  return world.until(`That Connectly accepts ${sendId}`, () => findAccepted(world, sendId));
}

function isAccepted(world: World, sendId: string): boolean {
  return findAccepted(world, sendId) !== undefined;
}

function findAccepted({ stack }: World, sendId: string): Accepted | undefined {
  const mark = `"id":${JSON.stringify(sendId)}`;
  return stack.connectly.state().accepted.newest.find(({ request }) => request.rawBody.includes(mark));
}

function requestLine({ request: { method, path, rawBody } }: Accepted): string {
  return `${method} ${path}\n${rawBody}`;
}

function sendRequests({ stack }: World): number {
  const { byEndpoint } = stack.connectly.state().requests;
  return (
    (byEndpoint['send/messages']?.requests ?? 0) +
    (byEndpoint['send/whatsapp_templated_messages']?.requests ?? 0)
  );
}

function queued(stack: World['stack'], arnOutput: string): number {
  const queue = stack.sqs.queues().find(({ arn }) => arn === stack.description.outputs[arnOutput]);
  return Number(queue?.attributes['ApproximateNumberOfMessages'] ?? 0);
}

function check(condition: boolean, problem: string): void {
  if (!condition) throw new Error(problem);
}
