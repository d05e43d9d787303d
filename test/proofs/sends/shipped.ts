// What the simulations drive: the modules of the deployed functions, and nothing of their logic besides. They are named
// in one place so that a build with a defect in it can stand in for all of them.
export { runBatch } from '../../../lib/aws/batch.ts';
export { dynamoLedger } from '../../../lib/aws/ledger-table.ts';
export { secretReader } from '../../../lib/aws/secrets.ts';
export {
  sqsQueueEffects,
  sqsSettleEffects,
  toOutcomeMessage,
  toQueuedMessage,
} from '../../../lib/aws/send-queues.ts';
export { sqsEventQueue, sqsSendStatusQueue } from '../../../lib/aws/webhook-queues.ts';
export { parseApiKeys } from '../../../lib/connectly/api-key.ts';
export { connectlySender } from '../../../lib/connectly/sender.ts';
export { createDeliver } from '../../../lib/delivery/deliver.ts';
export { createDispatcher, undisturbed } from '../../../lib/delivery/dispatch/dispatcher.ts';
export { createClaim } from '../../../lib/delivery/ledger/ledger.ts';
export {
  attemptFields,
  attemptLevel,
  probeFields,
  settlementFields,
} from '../../../lib/delivery/log-lines.ts';
export { judge } from '../../../lib/delivery/outcome.ts';
export { createProbe } from '../../../lib/delivery/probe.ts';
export { createSettle } from '../../../lib/delivery/settle.ts';
export { leaseMs, requestDeadlineMs, timeForOneMessageMs } from '../../../lib/delivery/time.ts';
export { createLogger, errorFields } from '../../../lib/logger.ts';
export { createSecretCache } from '../../../lib/secrets/cache.ts';
export { answerTo } from '../../../lib/webhook/answer.ts';
export { createReceive } from '../../../lib/webhook/receive.ts';
export { parseWebhookSecrets } from '../../../lib/webhook/secrets.ts';
