// Reads the events queue and handles each event once.
//
// On AWS, with credentials of a role that has the stack's ConsumePolicy (EVENTS_QUEUE_URL is the output EventsQueueUrl):
//
//   AWS_REGION=eu-west-1 EVENTS_QUEUE_URL=... node examples/consumer/consumer.mjs
//
// With the local stack (`npm start` prints the AWS endpoint and the events queue):
//
//   export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://127.0.0.1:...
//   EVENTS_QUEUE_URL=... node examples/consumer/consumer.mjs
//
// The queue delivers at least once and in any order: Connectly repeats webhooks, and SQS repeats messages. The `id` of an
// event is the same for every copy, so remembering ids is enough. Here they are remembered in memory; with more than one
// consumer, or one that restarts, remember them where your own data is, in the transaction that handles the event.
//
// Whoever has recorded a signed request can send it again long after its id was forgotten. So what is older than the ids that
// are remembered is not handled either, and ends on the events DLQ, where a person looks at it.
import { fileURLToPath } from 'node:url';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/**
 * @typedef {object} Event What is on the queue; the README describes its fields.
 * @property {string} id
 * @property {string} topic
 * @property {string} receivedAt
 * @property {string} [sendId]
 * @property {unknown} [callbackData]
 * @property {unknown} event
 * @property {string} [raw]
 */

/** For how long ids should be remembered, in milliseconds. */
const rememberedMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Whether Connectly made the event so long ago that its id may be forgotten. Its `timestamp` is signed, and the same in every
 * copy: seconds since 1970, or ISO 8601 in a report.
 *
 * @param {Event} event
 */
function mayBeReplay({ receivedAt, event }) {
  const { timestamp } = Object(event);
  const madeAt = /^\d+$/.test(timestamp) ? Number(timestamp) * 1000 : Date.parse(timestamp);
  return Date.parse(receivedAt) - madeAt > rememberedMs;
}

/**
 * Consumes events until `signal` aborts. An event that `handle` rejects for is left on the queue: SQS delivers it again,
 * and moves it to the dead-letter queue after 5 times.
 *
 * @param {{ sqs: SQSClient, queueUrl: string, handle: (event: Event) => Promise<void>, signal: AbortSignal }} options
 */
export async function consume({ sqs, queueUrl, handle, signal }) {
  const handled = new Set();
  while (!signal.aborted) {
    const receive = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
    });
    const received = await sqs.send(receive, { abortSignal: signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
    for (const { Body: body = '', ReceiptHandle: receiptHandle } of received?.Messages ?? []) {
      const event = JSON.parse(body);
      try {
        if (mayBeReplay(event)) throw new Error('older than the ids that are remembered');
        if (!handled.has(event.id)) await handle(event);
        handled.add(event.id);
      } catch (error) {
        process.stderr.write(
          `Event ${shown(event.id)} was not handled, it will come again: ${shown(error)}\n`,
        );
        continue;
      }
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    }
  }
}

/**
 * A value as a terminal or a log may get it: others choose ids and topics, and a line feed or an escape code in one would
 * write lines of its own.
 *
 * @param {unknown} value
 */
function shown(value) {
  return String(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  await consume({
    sqs: new SQSClient(),
    queueUrl: process.env['EVENTS_QUEUE_URL'] ?? '',
    signal: controller.signal,
    async handle({ id, topic, sendId }) {
      process.stdout.write(
        `${shown(topic)} ${shown(id)}${sendId === undefined ? '' : ` about ${shown(sendId)}`}\n`,
      );
    },
  });
}
