import { alarmsAreHeard, alarmsCoverWhatMatters, alarmsWatchWhatThereIs } from './alarm-rules.ts';
import { dataIs, namesAreFixed, outputsInclude, theBucketIsPrivate, theLedgerIsKept } from './data-rules.ts';
import {
  batchesAreLegal,
  functionsRunOnTheMeasuredRuntime,
  logsAreForgotten,
  loopsAreAllowed,
  mappingsArePaced,
  noReservedConcurrency,
  noSecretValues,
  oneRoleEach,
  sharesAreOfTheRightRate,
  textsFit,
  theApiIsNarrow,
  timeoutsAreLegal,
  variablesPointTo,
} from './function-rules.ts';
import {
  actionsExist,
  keysAreUsedThroughServices,
  noWildcards,
  onlyWhatIsUsed,
  queuesKnowTheirWriters,
  rolesAreLambdas,
  theTopicIsTheAlarms,
} from './policy-rules.ts';
import {
  deadLetterQueuesAre,
  deadLettersAreANet,
  deadLettersOutliveTheirSource,
  queuesAreEncrypted,
  queuesAreNotShared,
  queuesNeedTls,
  queuesTakeWhatIsCopied,
  redriveIsAllowedFromSourcesOnly,
  visibilityOutlastsRetries,
} from './queue-rules.ts';
import type { Rule } from './template.ts';

const queues = ['EventsQueue', 'EventsDlq', 'SendsQueue', 'SendsDlq', 'OutcomesQueue'];

/** Everything that other stacks and people look up by its name. */
const outputs = [
  'WebhookUrl',
  ...queues.flatMap((queue) => [`${queue}Url`, `${queue}Arn`]),
  'LedgerTableName',
  'WebhookSecretArn',
  'ApiKeySecretArn',
  'SendPolicyArn',
  'ConsumePolicyArn',
  'DashboardUrl',
  'OnlyTo',
];

const deliveryQueues = {
  SENDS_QUEUE_URL: 'SendsQueue',
  SENDS_DLQ_URL: 'SendsDlq',
  OUTCOMES_QUEUE_URL: 'OutcomesQueue',
  LEDGER_TABLE: 'LedgerTable',
};

/** What the packaged template of prod must be, in words that complete "the template of prod ...". */
export const prodRules = {
  'has its dead-letter queues behind the right queues': deadLetterQueuesAre({
    EventsQueue: 'EventsDlq',
    SendsQueue: 'SendsDlq',
    OutcomesQueue: 'SendsDlq',
  }),
  'gives a message up late': deadLettersAreANet,
  'takes dead letters from the right queues only': redriveIsAllowedFromSourcesOnly,
  'keeps messages for 4 days and dead letters for 14': deadLettersOutliveTheirSource,
  'hides a message for six times the timeout of its function': visibilityOutlastsRetries,
  'refuses whoever comes to a queue without TLS': queuesNeedTls,
  'shares its queues with no other account': queuesAreNotShared,
  'lets nobody write where only its functions do': queuesKnowTheirWriters,
  'encrypts its queues': queuesAreEncrypted,
  'takes every copy of the longest message': queuesTakeWhatIsCopied,
  'keeps queues, secrets and the ledger when the stack goes': dataIs('RetainExceptOnCreate'),
  'calls queues, secrets and the ledger what they have always been called': namesAreFixed,
  'can bring the ledger back': theLedgerIsKept,
  'lets nobody else look into the deployment bucket': theBucketIsPrivate,
  'says where everything is': outputsInclude(outputs),
  'gives each function a role of its own': oneRoleEach,
  'lets only Lambda take the roles': rolesAreLambdas,
  'allows nothing by wildcard but log streams': noWildcards,
  'names actions that exist': actionsExist,
  'allows each role exactly what its function does': onlyWhatIsUsed,
  'uses keys through services only': keysAreUsedThroughServices,
  'lets only its own alarms call people': theTopicIsTheAlarms,
  'points each function to its queues, its table and its secret': variablesPointTo({
    ReceiveWebhookLambdaFunction: {
      EVENTS_QUEUE_URL: 'EventsQueue',
      OUTCOMES_QUEUE_URL: 'OutcomesQueue',
      WEBHOOK_SECRET_ARN: 'WebhookSecret',
    },
    SendMessageLambdaFunction: { ...deliveryQueues, API_KEY_SECRET_ARN: 'ApiKeySecret' },
    SettleSendLambdaFunction: deliveryQueues,
  }),
  'holds nothing secret': noSecretValues,
  'reports failures one by one, with two invocations at once': mappingsArePaced,
  'shares the rate among as many as run at once': sharesAreOfTheRightRate,
  'reserves no concurrency': noReservedConcurrency,
  'lets the two functions that settle hand messages to each other': loopsAreAllowed,
  "keeps names, variables, texts and alarms within AWS's limits": textsFit,
  'asks for batches that Lambda allows': batchesAreLegal,
  'asks for timeouts that Lambda and API Gateway allow': timeoutsAreLegal,
  'runs on what the bundles are measured for': functionsRunOnTheMeasuredRuntime,
  'forgets its log lines': logsAreForgotten,
  'lets only signed webhooks in, throttled, and logs nothing of them': theApiIsNarrow,
  'watches what there is': alarmsWatchWhatThereIs,
  'calls somebody, who then knows what to do': alarmsAreHeard,
  'calls for everything that matters, early': alarmsCoverWhatMatters,
} satisfies Record<string, Rule>;

export type ProdRule = keyof typeof prodRules;

/** The rules that a template breaks. */
export function brokenRules(template: Parameters<Rule>[0]): ProdRule[] {
  return ruleNames.filter((name) => prodRules[name](template).length > 0);
}

// Object.keys knows no narrower type than string.
const ruleNames: readonly ProdRule[] = Object.keys(prodRules).filter(
  (name): name is ProdRule => name in prodRules,
);
