import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { QueuedMessage } from '../delivery/decode.ts';
import type { SettleEffects } from '../delivery/settle.ts';
import { errorAttributes, outcomeAttributes } from '../message/attributes.ts';
import { type SendReport, sendReportSchema } from '../message/send-status.ts';
import { copyRecord, hideRecord } from './queue-copies.ts';
import { type SendQueueUrls, toQueuedMessage } from './send-queues.ts';

/** What is on the outcomes queue: a parked send, or what a delivery status said about one. */
export type OutcomeMessage =
  | { readonly kind: 'parked'; readonly parked: QueuedMessage }
  | { readonly kind: 'report'; readonly report: SendReport };

/** Reads a record of the outcomes queue. Throws when a report is not one: nobody but the relay writes them. */
export function toOutcomeMessage(record: SQSRecord): OutcomeMessage {
  if (record.messageAttributes[outcomeAttributes.kind]?.stringValue === outcomeAttributes.status) {
    return { kind: 'report', report: sendReportSchema.parse(JSON.parse(record.body)) };
  }
  return { kind: 'parked', parked: toQueuedMessage(record) };
}

/** The queue effects for one parked send, on SQS. */
export function sqsSettleEffects(client: SQSClient, urls: SendQueueUrls, record: SQSRecord): SettleEffects {
  const parkedFor = (name: keyof typeof errorAttributes) =>
    record.messageAttributes[errorAttributes[name]]?.stringValue;
  return {
    // Why it was parked is all that there is to ask Connectly with.
    deadLetter: (note) =>
      copyRecord(client, record, urls.sendsDlqUrl, {
        ...note,
        cause: parkedFor('code'),
        traceId: note.traceId ?? parkedFor('traceId'),
      }),
    sendAgain: (note) => copyRecord(client, record, urls.sendsQueueUrl, note),
    comeBackIn: (delaySeconds) => hideRecord(client, record, urls.outcomesQueueUrl, delaySeconds),
  };
}
