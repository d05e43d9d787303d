import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';

/** The webhook's modules with one defect each. Each must be noticed. */
export const defects: readonly Defect[] = [
  {
    name: 'answers 200 when the queue does not',
    changes: inFile(
      'lib/webhook/receive.ts',
      "return { status: 503, result: 'queue-unavailable', cause };",
      "return { status: 200, result: 'queued', event };",
    ),
  },
  {
    name: 'does not wait for the queue',
    changes: inFile(
      'lib/webhook/receive.ts',
      'await events.publish(event);',
      'void events.publish(event).catch(() => {});',
    ),
  },
  {
    name: 'tells the statuses of one message apart by nothing',
    changes: inFile('lib/webhook/event.ts', 'return `${statusId}:${status}`;', 'return statusId;'),
  },
  {
    name: 'makes up an id where Connectly gives none',
    changes: inFile(
      'lib/webhook/event.ts',
      'eventId(json.value) ?? digest(bytes)',
      'eventId(json.value) ?? String(receivedAt)',
    ),
  },
  {
    name: 'takes an answer without a message id for a confirmation',
    changes: inFile('lib/aws/webhook-queues.ts', 'if (answer.MessageId === undefined) {', 'if (false) {'),
  },
  {
    name: 'refuses instead of asking to come again while the secret is unknown',
    changes: inFile(
      'lib/webhook/receive.ts',
      "return { status: 503, result: 'secret-unavailable', cause };",
      "return { status: 401, result: 'signature-wrong' };",
    ),
  },
  {
    name: 'puts events on the queue for the statuses of sends',
    changes: inFile(
      'lib/compose/receive-webhook.ts',
      'sqsEventQueue(sqs, config.eventsQueueUrl)',
      'sqsEventQueue(sqs, config.outcomesQueueUrl)',
    ),
  },
];
