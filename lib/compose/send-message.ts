import type { Context, SQSBatchResponse } from 'aws-lambda';
import { runBatch } from '../aws/batch.ts';
import { dynamoLedger } from '../aws/ledger-table.ts';
import { sqsQueueEffects, toQueuedMessage } from '../aws/send-queues.ts';
import { oldestFirst, type SqsEvent, type SqsRecord } from '../aws/sqs-record.ts';
import type { SendConfig } from '../config.ts';
import { type Attempt, createDeliver, type Delivery } from '../delivery/deliver.ts';
import { createDispatcher, type Judgement, undisturbed } from '../delivery/dispatch/dispatcher.ts';
import { createInOrder } from '../delivery/in-order.ts';
import { createClaim } from '../delivery/ledger/ledger.ts';
import {
  attemptFields,
  attemptLevel,
  pauseFields,
  probeFields,
  untouchedFields,
} from '../delivery/log-lines.ts';
import { codeOf, type Outcome, signOf } from '../delivery/outcome.ts';
import { leaseMs, timeForOneMessageMs } from '../delivery/time.ts';
import { errorFields } from '../logger.ts';
import { composeConnectly } from './connectly.ts';
import { composeSendsLogger } from './logger.ts';
import type { Outside } from './outside.ts';

/** The handler of send-message, to be made once for each execution environment. */
export function composeSendMessage(config: SendConfig, outside: Outside) {
  const { clock, random, newId, sqs, dynamoDb } = outside;
  const now = () => clock.now();
  const logger = composeSendsLogger(config, outside);
  const sender = composeConnectly(config, outside, logger);
  const { ratePerSecond, returnsPerSecond, laneRates, window } = config;
  const pacing = { ratePerSecond, window, clock, random };
  const dispatcher = createDispatcher<Attempt>({
    ...pacing,
    returnsPerSecond,
    laneRates,
    judge: ({ outcome }) => judge(outcome),
    async probe(businessId) {
      const outcome = await sender.ask(businessId);
      const judgement = judge(outcome);
      // While sending pauses, no attempt says why.
      if (judgement.sign !== 'well') logger.write('warn', 'probe-failed', probeFields(outcome));
      return judgement;
    },
    onTurn: (turn) => logger.write('warn', turn.isOver ? 'resumed' : 'paused', pauseFields(turn)),
  });
  const store = dynamoLedger(dynamoDb, config.ledgerTable);
  const deliver = createDeliver({
    sender,
    dispatcher,
    expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),
    claim: createClaim({ store, leaseMs, now, newAttemptId: newId }),
    settings: config,
    senderNumber: config.senderNumber,
    now,
    random,
    onUnrecorded: (error) => logger.write('error', 'attempt-unrecorded', errorFields(error)),
  });

  const effectsFor = sqsQueueEffects(sqs, config);

  return async function handler(
    { Records: records }: SqsEvent,
    context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> {
    const { awsRequestId: requestId } = context;
    const canFinish = () => context.getRemainingTimeInMillis() >= timeForOneMessageMs;
    const inOrder = createInOrder<Delivery>({ outcome: { kind: 'duplicate' }, acknowledge: false });
    const untouched = new Map<string, Delivery[]>();
    const handle = async (record: SqsRecord) => {
      const startedAt = now();
      const queued = toQueuedMessage(record);
      const delivery = await deliver(queued, effectsFor(record), { canFinish, inOrder });
      if (delivery.untouched !== undefined) {
        // A batch of them has one line: a thousand that say the same would cost more than sending them. Each cause has
        // one of its own: behind another's, a refused key would not count in its alarm.
        const reason = `${codeOf(delivery.outcome)} ${delivery.untouched.closure?.cause ?? ''}`;
        const others = untouched.get(reason);
        if (others === undefined) untouched.set(reason, [delivery]);
        else others.push(delivery);
        return false;
      }
      const fields = attemptFields(delivery, queued, { startedAt, endedAt: now() });
      const event = 'failure' in delivery ? 'attempt-failed' : 'attempt';
      logger.write(attemptLevel(delivery), event, { requestId, sqsMessageId: record.messageId, ...fields });
      return delivery.acknowledge;
    };
    const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
      logger.write('error', 'attempt-failed', { requestId, sqsMessageId, ...errorFields(error) });
    try {
      return await runBatch(oldestFirst(records), handle, onBug);
    } finally {
      for (const deliveries of untouched.values())
        logger.write('warn', 'untouched', { requestId, ...untouchedFields(deliveries) });
    }
  };
}

function judge(outcome: Outcome): Judgement {
  return { sign: signOf(outcome), code: codeOf(outcome) };
}
