import * as z from 'zod';
import { type OwnRefusal, ownRefusals } from '../../lib/delivery/outcome.ts';

/** What a code means, and what comes of it. */
export const explanationSchema = z.strictObject({
  code: z.string(),
  /** Whose code it is. */
  from: z.enum(['connectly', 'relay']),
  meaning: z.string(),
  retried: z.enum(['yes', 'no', 'depends']),
  /** When, and until when. */
  retry: z.string(),
  remedy: z.string(),
  /** Who can act: whoever queued the message, whoever runs the stage, the customer, or Connectly. */
  who: z.enum(['producer', 'operator', 'customer', 'connectly']),
});

/** What a code looks like: one of the relay's own or of Connectly. What comes back from outside is none unless it does. */
export const codePattern = /^(?:[a-z][a-z0-9-]{0,63}|ERROR_CODE_[A-Z0-9_]{1,100})$/;

export type Explanation = z.infer<typeof explanationSchema>;

type Entry = Omit<Explanation, 'code' | 'from'>;

/** It is for whoever runs the stage, unless the entry says otherwise. */
function byOperator<Retried extends Explanation['retried']>(retried: Retried, retry: string) {
  return { retried, retry, who: 'operator' } as const;
}

export const never = byOperator('no', 'Never: a copy is on the sends DLQ.');
const notByItself = byOperator('no', 'Not by itself.');
const untilExpiry = byOperator('yes', 'Until the message expires, after growing delays.');
const withTheNextTry = byOperator(
  'yes',
  'One message with the next try, all others in their turn after it, until they expire.',
);
const whenFilled = byOperator('yes', 'Sends until they expire; webhooks when Connectly sends them again.');
export const asIfUnclear = byOperator(
  'depends',
  'As its ifUnclear says: hold and settle wait for a delivery status, resend sends again.',
);
const afterGrowingDelays = byOperator(
  'yes',
  'After growing delays of up to two minutes, while messages wait.',
);
const byConnectly = byOperator('depends', 'By Connectly, which may send the event again.');

/** What the relay says of a send: on the sends DLQ, on the outcomes queue, or in the log as `code`. */
const sends: Readonly<Record<string, Entry>> = {
  'message-invalid': {
    meaning:
      'The message on the sends queue is not one that the relay knows. error.message names every problem.',
    remedy: 'Correct the producer, and queue it again. To check a message before: npx relay validate FILE',
    ...never,
    who: 'producer',
  },
  'received-too-often': {
    meaning: 'SQS handed the message out as often as its queue allows, and nobody ever finished with it.',
    remedy:
      'Look for "attempt-failed" in the log of send-message, mend the cause, then: npx relay dlq redrive',
    ...never,
  },
  'code-unreadable': {
    meaning: 'Whoever put the message on the sends DLQ gave it a code that is none: that was not the relay.',
    remedy: 'Ask who else may write to the sends DLQ. The message can go back: npx relay dlq redrive',
    ...never,
  },
  'connection-failed': {
    meaning: 'No connection to Connectly could be made: nothing was sent.',
    remedy: 'Nothing, when it passes. Otherwise look at the network of the function and at connectlyBaseUrl.',
    ...untilExpiry,
  },
  'no-answer': {
    meaning: 'The request may have reached Connectly, and no answer came.',
    remedy: 'Nothing, when it passes. A message that nobody can be sure of ends as outcome-unknown.',
    ...asIfUnclear,
    who: 'connectly',
  },
  'attempt-lost': {
    meaning: 'An earlier attempt never ended: its function was stopped in between.',
    remedy: 'Nothing, when it is rare. Otherwise look for time-outs of send-message in its log.',
    ...asIfUnclear,
  },
  'being-sent': {
    meaning: 'Another copy of this message is being sent at this moment.',
    remedy: 'Nothing: this copy waits, and is dropped when the other one has been accepted.',
    ...untilExpiry,
    who: 'producer',
  },
  'ledger-unavailable': {
    meaning: 'DynamoDB did not answer, and without its ledger nothing is sent.',
    remedy: 'Look at the ledger table and at the permissions of the function. Nothing is lost meanwhile.',
    ...untilExpiry,
  },
  'ledger-contended': {
    meaning: 'Others kept changing the ledger entry of this message.',
    remedy: 'Look for producers that queue one id many times at once.',
    ...untilExpiry,
    who: 'producer',
  },
  'ledger-invalid': {
    meaning: 'The ledger entry of this message is not one that this version can read.',
    remedy: 'Look at the entry: something else has written to the table, or a newer version has.',
    ...untilExpiry,
  },
  'sending-paused': {
    meaning:
      'Sending pauses because many messages in a row failed at Connectly, or because no API key can be read. The line has the code of the last of them as cause, and since when.',
    remedy:
      'Look up the cause: npx relay explain CODE. The line has the time of the next try as nextTryAt. Nothing is lost.',
    ...withTheNextTry,
  },
  'business-paused': {
    meaning:
      'Sending for this business pauses, and for no other: Connectly refuses its key or several of its messages, or it fails while others are well. The line has the code as cause, and since when.',
    remedy:
      'Look up the cause: npx relay explain CODE. For connectly-401, put the right API key into the secret. The line has the time of the next try as nextTryAt.',
    ...withTheNextTry,
  },
  'waits-for-earlier': {
    meaning:
      'An earlier message to the same recipient goes back to the queue. This one goes back behind it, so that it does not overtake it.',
    remedy: 'Nothing. Look at the line of the earlier message, or at cause where the line has one.',
    ...byOperator('yes', 'A second after the earlier one, until the message expires.'),
  },
  'no-time-left': {
    meaning: 'The function had no time left to begin this message.',
    remedy:
      'Nothing, when it is rare. Otherwise lower sendBatchSize, so that less is taken than can be sent.',
    ...byOperator('yes', 'At once, up to five times; then after growing delays, until the message expires.'),
  },
  'no-key-for-business': {
    meaning: 'The API key secret holds keys by business id, and none for this one.',
    remedy: 'Add the business to the secret, or correct businessId.',
    ...untilExpiry,
  },
};

/** What the relay says of a webhook, as `result` in the log. */
const webhooks: Readonly<Record<string, Entry>> = {
  'signature-missing': {
    meaning:
      'The request has no x-connectly-hmac-sha256 header, two of them, or not 44 characters of base64.',
    remedy: 'Send exactly one. To find out what is wrong with a request: npx relay verify',
    ...byConnectly,
  },
  'signature-wrong': {
    meaning: 'No live webhook secret makes this signature over this body.',
    remedy:
      'Compare the secret with the one at Connectly. To find out what is wrong with a request: npx relay verify',
    ...byConnectly,
  },
  'too-large': {
    meaning: 'The body of the webhook is over 512 KiB.',
    remedy: 'Ask Connectly what it sends: its own events are a few kilobytes.',
    ...byConnectly,
    who: 'connectly',
  },
  'secret-stale': {
    meaning: 'The signature fits no secret that is known, and a newer one could not be fetched.',
    remedy: 'Nothing, when it passes. Otherwise look at Secrets Manager and the permissions of the function.',
    ...byConnectly,
  },
  'queue-unavailable': {
    meaning: 'SQS did not take the event, so Connectly was not told that it is safe.',
    remedy: 'Look at the events queue and at the permissions of the function.',
    ...byConnectly,
  },
};

/** What the relay says of its own surroundings, in a log or at the command line. */
const surroundings: Readonly<Record<string, Entry>> = {
  'secret-not-set': {
    meaning: 'A secret is empty: the stack creates both without a value.',
    remedy: 'Fill it: npx relay secrets set webhook-secrets, or npx relay secrets set api-key.',
    ...whenFilled,
  },
  'secret-invalid': {
    meaning: 'A secret is neither a string nor the list or object that it may be.',
    remedy: 'Correct it: a string; a JSON list of webhook secrets; a JSON object of API keys by business id.',
    ...whenFilled,
  },
  'secret-unavailable': {
    meaning: 'Secrets Manager did not give a secret.',
    remedy: 'Look at Secrets Manager and at the permissions of whoever asks.',
    ...whenFilled,
  },
  'queue-unconfirmed': {
    meaning: 'SQS did not confirm a message in time.',
    remedy: 'Nothing, when it passes. Otherwise look at the queue and at the permissions of the function.',
    ...byOperator('yes', 'The step is repeated; nothing is lost.'),
  },
  'config-invalid': {
    meaning: 'A setting of the stage cannot work. The error names it.',
    remedy: 'Correct the setting, and deploy again.',
    ...byOperator('no', 'Not before the next deployment.'),
  },
  'webhook-elsewhere': {
    meaning: 'The topic points to another address at Connectly.',
    remedy: 'Find out whose it is. To take it over: npx relay webhook register --replace',
    ...notByItself,
  },
  'connectly-unreachable': {
    meaning: 'Connectly did not answer the command line.',
    remedy: 'Try again; look at the network.',
    ...notByItself,
  },
  'connectly-answer-invalid': {
    meaning: 'Connectly answered with something that is not documented.',
    remedy: 'Try again; then ask Connectly what has changed.',
    ...notByItself,
    who: 'connectly',
  },
};

/** Events of the log that are no code of one message's, and an outcome without a code. */
const events: Readonly<Record<string, Entry>> = {
  duplicate: {
    meaning:
      'A message with this id has been sent before, or a copy of it waits for its outcome: not sent again.',
    remedy: 'Nothing. For a new message, a new id.',
    retried: 'no',
    retry: 'Not needed.',
    who: 'producer',
  },
  'attempt-failed': {
    meaning:
      'What follows an attempt could not be done: a copy to another queue, or a delay. The line says why.',
    remedy:
      'Look at the queue and at the permissions of send-message. Nothing is lost and nothing is sent twice.',
    ...byOperator('yes', 'After 6 minutes, until it works.'),
  },
  'attempt-unrecorded': {
    meaning: 'The ledger did not take what came of an attempt, which stands all the same.',
    remedy:
      'Nothing, when it is rare. Otherwise look at the ledger table and at the permissions of send-message.',
    ...byOperator(
      'depends',
      'What comes back counts as an attempt that was lost, once its lease of 90 seconds is over.',
    ),
  },
  'settle-failed': {
    meaning: 'What settles a send of unknown outcome could not be done: a copy, a delay, or the ledger.',
    remedy: 'Look at the queues, the ledger table and the permissions of settle-send. Nothing is lost.',
    ...byOperator('yes', 'After 3 minutes, until it works.'),
  },
  unreadable: {
    meaning: 'Something on the outcomes queue called itself a report of a delivery status, and is none.',
    remedy: 'Look who may write to the outcomes queue: nobody but the functions should. It is forgotten.',
    ...notByItself,
  },
  'status-unreported': {
    meaning: 'A delivery status is on the events queue, and could not be put on the outcomes queue as well.',
    remedy: 'Nothing, when it is rare: the next status of the message settles it, too.',
    ...notByItself,
  },
  'secret-served-stale': {
    meaning: 'Secrets Manager did not give a newer value: the last one goes on serving, for up to 24 hours.',
    remedy:
      'Nothing, when it passes. Otherwise look at Secrets Manager and at the permissions of the function.',
    ...byOperator('yes', 'Every 30 seconds at most, while there is traffic.'),
  },
  paused: {
    meaning:
      'Sending begins to pause, for all or for one business, as its code says. The line has why (cause), since when, and the time of the next try (nextTryAt).',
    remedy: 'Look up the cause: npx relay explain CODE',
    ...afterGrowingDelays,
  },
  resumed: {
    meaning:
      'Sending goes on, for all or for one business, as its code says. The line has since when it paused.',
    remedy: 'Nothing.',
    retried: 'no',
    retry: 'Not needed.',
    who: 'operator',
  },
  untouched: {
    meaning:
      'So many messages of a batch (count) went back without a try, for the reason that its code says. While sending pauses, the line has why (cause), since when, and the time of the next try (nextTryAt).',
    remedy: 'Look up the code, or the cause: npx relay explain CODE',
    ...byOperator('yes', 'When the message is due, until it expires.'),
  },
  'probe-failed': {
    meaning:
      'While sending pauses, Connectly was asked whether it may go on, and it may not. The line has the code.',
    remedy: 'Look at its code: npx relay explain CODE. After three in a row, one message tries all the same.',
    ...afterGrowingDelays,
  },
};

/** Every code of the relay's own, in the order in which a reader looks for them. */
export const relayCodes: ReadonlyMap<string, Entry> = new Map([
  ...Object.entries(ownRefusals).map(refused),
  ...Object.entries({ ...sends, ...webhooks, ...surroundings, ...events }),
]);

function refused([code, refusal]: [string, OwnRefusal]): [string, Entry] {
  return [code, { ...never, ...refusal }];
}
