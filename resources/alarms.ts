import {
  ageIn,
  inFlightOf,
  type Measure,
  messagesIn,
  ofApi,
  ofFunction,
  ofRelay,
  receivedFrom,
} from './measures.ts';

/** When people are called. Rings while the value is above `above`, in `datapoints` of the last `of` periods. */
export interface Alarm {
  /** The logical id, without "Alarm" at its end. */
  readonly id: string;
  readonly name: string;
  /** What it means, and what is (not) lost. */
  readonly means: string;
  /** What must happen before it is quiet again: `Ends by itself ...` or `Ends when you ...`. */
  readonly ends: string;
  /** The first command to type, without its region. A text for Fn::Sub, as `means` is. */
  readonly command: string;
  readonly watches: Watched;
  readonly above: number;
  readonly periodSeconds: number;
  readonly datapoints: number;
  readonly of: number;
}

/** One metric; or several, by the names that an expression knows them by. */
type Watched = Statistic | { readonly expression: string; readonly terms: Terms };
type Terms = Readonly<Record<string, Statistic>>;

interface Statistic {
  readonly measure: Measure;
  readonly statistic: 'Sum' | 'Maximum';
}

const sum = (measure: Measure): Statistic => ({ measure, statistic: 'Sum' });
const maximum = (measure: Measure): Statistic => ({ measure, statistic: 'Maximum' });

// Each looks back over more than it needs: an expression fills what has not arrived yet with zeros, and would otherwise
// judge the newest minutes by those alone. Expressions add by SUM([FILL(...)]) alone: nobody knows whether FILL gives
// anything for a metric that has never been, and SUM passes over what is missing where + would have no result.
/** Rings at the first minute. */
const atOnce = { periodSeconds: 60, datapoints: 1, of: 3 } as const;
/** Rings at the second minute. */
const lasting = { periodSeconds: 60, datapoints: 2, of: 5 } as const;
/** Rings when it comes back within a quarter of an hour: once mends itself, by Connectly's or SQS's next try. */
const repeated = { periodSeconds: 300, datapoints: 2, of: 3 } as const;
/** Rings at the first five minutes. */
const soon = { periodSeconds: 300, datapoints: 1, of: 2 } as const;
/** Rings after a quarter of an hour. */
const standing = { periodSeconds: 300, datapoints: 3, of: 4 } as const;
/** Rings at the third five minutes within an hour: once, and twice, is what anybody may do to any address. */
const recurring = { periodSeconds: 300, datapoints: 3, of: 12 } as const;
/** Rings for what an hour comes to. */
const hourly = { periodSeconds: 3600, datapoints: 1, of: 1 } as const;
/**
 * Rings at the first minute, and for twenty more after the last: so long a message with an ordinary life waits between
 * two attempts at most, and only an attempt can say that the trouble goes on.
 */
const untilTriedAgain = { periodSeconds: 60, datapoints: 1, of: 21 } as const;

/** What decides about the alarms of a stage. */
export interface WatchedStage {
  readonly stage: string;
  /** Whether API Gateway logs its requests. */
  readonly accessLog: boolean;
  /** How much an hour may bring before people are called; undefined for any amount. */
  readonly webhooksPerHour: number | undefined;
  readonly sendsPerHour: number | undefined;
}

/** The alarms of a stage. No data is no alarm: most metrics exist only while there is traffic. */
export function alarmsOf({
  stage,
  accessLog,
  webhooksPerHour,
  sendsPerHour,
}: WatchedStage): readonly Alarm[] {
  const relay = (command: string) => `npx relay ${command} --stage ${stage}`;
  const webhooks = (result: 'queued' | 'signature-wrong' | 'signature-missing' | 'too-large') =>
    sum(ofRelay(stage, 'webhook', 'count', { result }));
  return [
    {
      id: 'SendsDlq',
      name: 'sends-dlq',
      means:
        'Sends were given up: expired, of unknown outcome, or refused for a reason that is not about one customer; or more than a tenth of the sends, and more than 10, were refused within 5 minutes. A customer who opted out, whose window is closed, who never wrote or whose number is wrong rings nothing alone. Each lies in the sends DLQ with its reason.',
      ends: 'Ends by itself a quarter of an hour after the last one; the dead letters stay.',
      command: relay('dlq explain'),
      watches: {
        // What arrives, not what lies there: dead letters stay for 14 days, and the next incident would ring nothing. AWS
        // counts no arrival of what SQS moves by itself ("Troubleshooting dead-letter queues"). After 250 receives, that has
        // rung before: as oldest-send, failed-effects or function-errors.
        expression:
          'SUM([FILL(unusual, 0), IF(FILL(refused, 0) > 10, IF(10 * FILL(refused, 0) > SUM([FILL(refused, 0), FILL(accepted, 0)]), 1, 0), 0)])',
        terms: {
          unusual: sum(ofRelay(stage, 'given-up', 'count')),
          refused: sum(ofRelay(stage, 'attempt', 'count', { result: 'refused' })),
          accepted: sum(ofRelay(stage, 'attempt', 'count', { result: 'accepted' })),
        },
      },
      above: 0,
      ...soon,
    },
    {
      id: 'OutcomeUnknown',
      name: 'outcome-unknown',
      means:
        'Nobody knows whether Connectly accepted some sends, and no delivery status came: they wait in the sends DLQ as outcome-unknown. Ask Connectly or the customer before sending them again.',
      ends: 'Ends by itself some minutes after the last one; the dead letters stay.',
      command: relay('dlq ls --code outcome-unknown'),
      watches: sum(ofRelay(stage, 'outcome-unknown', 'count')),
      above: 0,
      ...atOnce,
    },
    {
      id: 'OldestSend',
      name: 'oldest-send',
      means:
        'A send has waited for more than 5 minutes: Connectly is failing, the rate is too low for what is queued, or send-message does not run. Nothing is lost until it expires.',
      ends: 'Ends by itself when no send waits for so long any more: they were sent, or have expired.',
      command: relay('status'),
      watches: {
        // Our own age counts every attempt. SQS's leaves out what was received more than three times, but is there when
        // nothing is attempted any more.
        expression: 'MAX([FILL(attempted, 0), FILL(waiting, 0)])',
        terms: {
          attempted: maximum(ofRelay(stage, 'attempt', 'secondsInQueue')),
          waiting: maximum(ageIn('SendsQueue')),
        },
      },
      above: 300,
      ...lasting,
    },
    {
      id: 'SendsInFlight',
      name: 'sends-in-flight',
      means:
        'More than 100,000 sends are in flight: nearly all wait, received, for sending to go on. Above about 120,000, SQS hands out no more, of any business. Nothing is lost until it expires.',
      ends: 'Ends by itself when fewer wait: sending goes on, or they expire.',
      command: relay('status'),
      watches: maximum(inFlightOf('SendsQueue')),
      above: 100_000,
      ...lasting,
    },
    {
      id: 'FailedEffects',
      name: 'failed-effects',
      means:
        'What follows an attempt, or settles a send of unclear outcome, fails again and again: a copy to another queue, a delay, or the ledger. Nothing is lost and nothing is sent twice: what was not done is done again every few minutes until it works; SQS itself moves what has come back too often to the sends DLQ, without a reason.',
      ends: 'Ends by itself a quarter of an hour after the last failure.',
      command: relay('tail --only failures --since 30m'),
      watches: sum(ofRelay(stage, 'failed-effects', 'count')),
      above: 0,
      // A message whose effect has failed is there again after the visibility timeout: 6 minutes, or 4.
      ...repeated,
    },
    {
      id: 'OutcomesUntaken',
      name: 'outcomes-untaken',
      means:
        'For 15 minutes nobody has taken anything off the outcomes queue, although something is due there: settle-send is switched off or cannot run. Nothing is lost until the retention of the queue is over, but sends of unclear outcome are not settled.',
      ends: 'Ends by itself when settle-send takes messages again.',
      command: relay('doctor'),
      watches: {
        // Not the age: a parked send is as old as outcomeWaitSeconds anyway, and SQS leaves out of the age what it has
        // handed out more than three times. 0 * due gives the sum a value where nothing has ever been taken.
        expression: 'IF(SUM([FILL(taken, 0), 0 * FILL(due, 0)]) > 0, 0, FILL(due, 0))',
        terms: {
          taken: sum(receivedFrom('OutcomesQueue')),
          due: maximum(messagesIn('OutcomesQueue')),
        },
      },
      above: 0,
      ...standing,
    },
    {
      id: 'ApiKey',
      name: 'api-key',
      means:
        'Connectly refuses the API key or all that a business sends, or the secret with the key is empty, damaged or cannot be read. Sends wait and nothing is lost until they expire. A new key goes in with: npx relay secrets set api-key.',
      ends: 'Ends by itself 20 minutes after the last attempt or probe that met this.',
      command: relay('doctor'),
      watches: sum(ofRelay(stage, 'api-key', 'count')),
      above: 0,
      ...untilTriedAgain,
    },
    {
      id: 'Signatures',
      name: 'signatures',
      means:
        'More than 5 % of the webhooks had no valid signature in three spells of 5 minutes within an hour: the secret differs from the one at Connectly, something on the way changes bodies, or somebody goes on trying. Events that are refused are lost unless Connectly repeats them.',
      ends: 'Ends by itself an hour after the last one at the latest.',
      command: relay('tail --only webhooks --since 1h'),
      watches: {
        // A few unsigned requests are the noise of the internet.
        expression:
          '100 * SUM([FILL(wrong, 0), IF(FILL(unsigned, 0) > 10, FILL(unsigned, 0), 0)]) / SUM([FILL(wrong, 0), FILL(unsigned, 0), FILL(queued, 0)])',
        terms: {
          wrong: webhooks('signature-wrong'),
          unsigned: webhooks('signature-missing'),
          queued: webhooks('queued'),
        },
      },
      above: 5,
      // No floor for wrong ones, as on a quiet stage every event may be refused: a few an hour must still ring.
      ...recurring,
    },
    {
      id: 'TurnedAway',
      name: 'turned-away',
      means:
        'Webhooks are turned away before anybody looks at their signature, and events are lost unless Connectly repeats them. 413: over 512 KiB. 429: API Gateway throttles, above 1,000 a second or the limit of the account. 404: another path than that of the stage.',
      ends: 'Ends by itself 10 minutes after the last one.',
      command: accessLog
        ? "aws logs filter-log-events --log-group-name ${HttpApiLogGroup} --start-time $(($(date +%s)-900))000 --filter-pattern '{ $.status = 4* }' --query 'events[].message'"
        : relay('doctor'),
      watches: {
        // API Gateway has no count of its throttling alone: it is what is left of the 4xx without our own. A few wrong
        // paths are the noise of the internet.
        expression:
          'SUM([FILL(large, 0), IF(SUM([FILL(refused, 0), -1 * SUM([FILL(large, 0), FILL(wrong, 0), FILL(unsigned, 0)])]) > 10, 1, 0)])',
        terms: {
          large: webhooks('too-large'),
          refused: sum(ofApi('4xx')),
          wrong: webhooks('signature-wrong'),
          unsigned: webhooks('signature-missing'),
        },
      },
      above: 0,
      ...soon,
    },
    {
      id: 'WebhookErrors',
      name: 'webhook-errors',
      means:
        'The webhook answers 5xx: its secret is empty or cannot be read, the events queue does not take events, or receive-webhook crashes or runs out of time. Connectly is asked to repeat them.',
      ends: 'Ends by itself a quarter of an hour after the last one.',
      command: relay('tail --only failures --since 15m'),
      watches: sum(ofApi('5xx')),
      above: 0,
      ...repeated,
    },
    {
      id: 'OldestEvent',
      name: 'oldest-event',
      means:
        'An event from Connectly has waited for more than 15 minutes: your consumer is down, or too slow. Events are gone when the retention of their queue is over.',
      ends: 'Ends by itself when your consumer has taken all that are so old.',
      command: relay('status'),
      watches: maximum(ageIn('EventsQueue')),
      above: 900,
      ...lasting,
    },
    {
      id: 'EventsDlq',
      name: 'events-dlq',
      means: 'Your consumer has failed 5 times on some events. Mend it, then move them back.',
      ends: 'Ends when you have moved or deleted all that lie there.',
      command: 'aws sqs start-message-move-task --source-arn ${EventsDlq.Arn}',
      watches: maximum(messagesIn('EventsDlq')),
      above: 0,
      ...atOnce,
    },
    {
      id: 'FunctionErrors',
      name: 'function-errors',
      means:
        'send-message or settle-send crashes, runs out of time, or refuses its settings; or Lambda has dropped what it takes for an endless loop. Messages come back.',
      ends: 'Ends by itself a quarter of an hour after the last one.',
      command: relay('tail --only failures --since 30m'),
      watches: added({
        // Those of receive-webhook are answered with 5xx: webhook-errors.
        send: sum(ofFunction('send-message', 'Errors')),
        settle: sum(ofFunction('settle-send', 'Errors')),
        // They hand messages to each other (loops.yml).
        sendDropped: sum(ofFunction('send-message', 'RecursiveInvocationsDropped')),
        settleDropped: sum(ofFunction('settle-send', 'RecursiveInvocationsDropped')),
      }),
      above: 0,
      ...repeated,
    },
    {
      id: 'Throttles',
      name: 'throttles',
      means:
        'Lambda refuses to run receive-webhook: the account runs as many functions at once as it may. Webhooks are answered with 5xx, sends wait.',
      ends: 'Ends by itself 10 minutes after the last one.',
      command: 'aws lambda get-account-settings',
      // The others show by what waits: oldest-send and outcomes-untaken.
      watches: sum(ofFunction('receive-webhook', 'Throttles')),
      above: 0,
      ...soon,
    },
    ...(webhooksPerHour === undefined
      ? []
      : [
          {
            id: 'ManyWebhooks',
            name: 'many-webhooks',
            means: `More than ${webhooksPerHour} requests came to the webhook within an hour, those included that were refused or throttled. Nothing is lost below 1,000 a second; the account pays for each.`,
            ends: 'Ends by itself when an hour has had fewer.',
            command: relay('tail --only webhooks --since 15m'),
            watches: sum(ofApi('Count')),
            above: webhooksPerHour,
            ...hourly,
          },
        ]),
    ...(sendsPerHour === undefined
      ? []
      : [
          {
            id: 'ManySends',
            name: 'many-sends',
            means: `Connectly accepted more than ${sendsPerHour} sends within an hour: a campaign that is larger than expected, or a producer that somebody else has taken over. To stop all sending, type: npx relay pause.`,
            ends: 'Ends by itself when an hour has had fewer.',
            command: relay('status'),
            watches: sum(ofRelay(stage, 'attempt', 'count', { result: 'accepted' })),
            above: sendsPerHour,
            ...hourly,
          },
        ]),
  ];
}

function added(terms: Terms): Watched {
  const filled = Object.keys(terms).map((term) => `FILL(${term}, 0)`);
  return { expression: `SUM([${filled.join(', ')}])`, terms };
}
