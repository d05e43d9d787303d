import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { runBatch } from '../lib/aws/batch.ts';
import { dynamoLedger } from '../lib/aws/ledger-table.ts';
import { sqsSettleEffects, toOutcomeMessage } from '../lib/aws/send-queues.ts';
import type { SqsEvent, SqsRecord } from '../lib/aws/sqs-record.ts';
import { readSettleConfig } from '../lib/config.ts';
import { createSettle } from '../lib/delivery/settle.ts';
import { settlementFields } from '../lib/delivery/settlement-log.ts';
import { createLogger, errorFields } from '../lib/logger.ts';

const config = readSettleConfig(process.env);
const now = Date.now;
const logger = createLogger({
  stage: config.stage,
  level: config.logLevel,
  output: (line) => process.stdout.write(line),
  now,
});
const store = dynamoLedger(new DynamoDBClient(), config.ledgerTable);
const settle = createSettle({ store, settings: config, waitMs: config.outcomeWaitMs, now });
const sqs = new SQSClient();

export async function handler(
  { Records: records }: SqsEvent,
  { awsRequestId: requestId }: Pick<Context, 'awsRequestId'>,
): Promise<SQSBatchResponse> {
  const handle = async (record: SqsRecord) => {
    const message = toOutcomeMessage(record);
    const settlement =
      message.kind === 'report'
        ? await settle.confirmSend(message.report)
        : await settle.settleParked(message.parked, sqsSettleEffects(sqs, config, record));
    const fields = settlementFields(settlement, message.kind);
    logger.write('info', 'settle', { requestId, sqsMessageId: record.messageId, ...fields });
    return settlement.result !== 'waiting';
  };
  const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
    logger.write('error', 'settle-failed', { requestId, sqsMessageId, ...errorFields(error) });
  return runBatch(records, handle, onBug);
}
