import type { Defect } from '../harness/proof.ts';

/** The webhook's modules with one defect each. Each must be noticed. */
export const defects: readonly Defect[] = [
  {
    name: 'answers 200 when the queue does not',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: "return { status: 503, result: 'queue-unavailable', cause };",
        replace: "return { status: 200, result: 'queued', event };",
      },
    ],
  },
  {
    name: 'does not wait for the queue',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: 'await events.publish(event);',
        replace: 'void events.publish(event).catch(() => {});',
      },
    ],
  },
  {
    name: 'tells the statuses of one message apart by nothing',
    changes: [
      { file: 'lib/webhook/event.ts', find: 'return `${statusId}:${status}`;', replace: 'return statusId;' },
    ],
  },
  {
    name: 'makes up an id where Connectly gives none',
    changes: [
      {
        file: 'lib/webhook/event.ts',
        find: 'eventId(json.value) ?? digest(bytes)',
        replace: 'eventId(json.value) ?? String(receivedAt)',
      },
    ],
  },
  {
    name: 'takes an answer without a message id for a confirmation',
    changes: [
      {
        file: 'lib/aws/webhook-queues.ts',
        find: 'if (answer.MessageId === undefined) {',
        replace: 'if (false) {',
      },
    ],
  },
  {
    name: 'refuses instead of asking to come again while the secret is unknown',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: "return { status: 503, result: 'secret-unavailable', cause };",
        replace: "return { status: 401, result: 'signature-wrong' };",
      },
    ],
  },
  {
    name: 'puts events on the queue for the statuses of sends',
    changes: [
      {
        file: 'lib/compose/receive-webhook.ts',
        find: 'sqsEventQueue(sqs, config.eventsQueueUrl)',
        replace: 'sqsEventQueue(sqs, config.outcomesQueueUrl)',
      },
    ],
  },
];
