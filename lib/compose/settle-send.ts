import type { Context, SQSBatchResponse } from 'aws-lambda';
import { runBatch } from '../aws/batch.ts';
import { dynamoLedger } from '../aws/ledger-table.ts';
import { type OutcomeMessage, sqsSettleEffects, toOutcomeMessage } from '../aws/send-queues.ts';
import type { SqsEvent, SqsRecord } from '../aws/sqs-record.ts';
import type { SettleConfig } from '../config.ts';
import { settlementLine } from '../delivery/log-lines.ts';
import { createSettle, type Settlement } from '../delivery/settle.ts';
import { errorFields } from '../logger.ts';
import { composeSendsLogger } from './logger.ts';
import type { Outside } from './outside.ts';

/** The handler of settle-send, to be made once for each execution environment. */
export function composeSettleSend(
  config: SettleConfig,
  outside: Pick<Outside, 'clock' | 'write' | 'sqs' | 'dynamoDb'>,
) {
  const { clock, sqs, dynamoDb } = outside;
  const now = () => clock.now();
  const logger = composeSendsLogger(config, outside);
  const store = dynamoLedger(dynamoDb, config.ledgerTable);
  const settle = createSettle({ store, settings: config, waitMs: config.outcomeWaitMs, now });

  const effectsFor = sqsSettleEffects(sqs, config);

  async function settlementOf(message: OutcomeMessage, record: SqsRecord): Promise<Settlement> {
    switch (message.kind) {
      case 'parked':
        return settle.settleParked(message.parked, effectsFor(record));
      case 'status':
        return settle.confirmSend(message.status, message.received);
      case 'junk':
        return { result: 'unreadable' };
    }
  }

  return async function handler(
    { Records: records }: SqsEvent,
    { awsRequestId: requestId }: Pick<Context, 'awsRequestId'>,
  ): Promise<SQSBatchResponse> {
    const handle = async (record: SqsRecord) => {
      const message = toOutcomeMessage(record);
      const settlement = await settlementOf(message, record);
      const { level, event, fields } = settlementLine(settlement, message.kind);
      logger.write(level, event, { requestId, sqsMessageId: record.messageId, ...fields });
      return settlement.result !== 'waiting';
    };
    const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
      logger.write('error', 'settle-failed', { requestId, sqsMessageId, ...errorFields(error) });
    return runBatch(records, handle, onBug);
  };
}
