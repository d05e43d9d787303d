import { browseDeadLetters } from '../dlq/browsing.ts';
import { browsingOf, CodeCounts } from '../dlq/dead-letters.ts';
import { configurationError, failureOf } from '../errors.ts';
import { readLog } from '../logs/function-log.ts';
import { pausesOf } from '../logs/pauses.ts';
import { findMapping } from '../pause/mapping.ts';
import { present } from '../present.ts';
import { countMessages, oldestMessages } from '../target/queues.ts';
import type { Target } from '../target/target.ts';
import { withBusinessWebhooks } from '../webhook/business-webhooks.ts';
import { neededTopics, standingsOf } from '../webhook/registrations.ts';
import { type Overview, type PartName, queueNames, queueOutputs } from './overview.ts';
import { recentFailures } from './recent-failures.ts';

export interface ReadOverviewOptions {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far back to look for failures. */
  readonly sinceMs: number;
  /** How many failures to tell. */
  readonly failures: number;
  /** Whether to ask Connectly. */
  readonly webhooks: boolean;
  /** Whose webhooks; by default those of the stage's own business. */
  readonly businessId: string | undefined;
}

/** Reads all parts at once. One that cannot be read does not keep the others from being told. */
export async function readOverview(target: Target, options: ReadOverviewOptions): Promise<Overview> {
  const { signal, now, sinceMs, failures: count, webhooks: asksConnectly } = options;
  const missing: Overview['missing'] = [];

  async function part<Value>(name: PartName, read: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = failureOf(error);
      missing.push({ part: name, code, reason: message });
      return undefined;
    }
  }

  const [pauses, queues, ages, sending, settling, webhooks, failures] = await Promise.all([
    part('pauses', () => pausesOf(target, { now, signal })),
    part('queues', () =>
      Promise.all(
        queueNames.map(async (name) => ({
          name,
          ...(await countMessages(await target.aws.sqs(), target.output(queueOutputs[name]), signal)),
        })),
      ),
    ),
    part('ages', () => readAges(target, options)),
    part('sending', () => stateOf(target, { queueArn: 'SendsQueueArn', feeds: 'send-message', signal })),
    part('settling', () => stateOf(target, { queueArn: 'OutcomesQueueArn', feeds: 'settle-send', signal })),
    asksConnectly ? part('webhooks', () => readStandings(target, options)) : undefined,
    part('failures', () =>
      recentFailures({ read: (wanted) => readLog(target, { ...wanted, signal }), now, sinceMs, count }),
    ),
  ]);
  // After the counts, because looking at a letter hides it for a moment; and not where there is none.
  const letters = queues?.find(({ name }) => name === 'sends-dlq')?.waiting;
  const deadLetters = letters === 0 ? [] : await part('deadLetters', () => countByCode(target, signal));
  return present({
    pauses,
    at: new Date(now).toISOString(),
    target: target.name,
    queues,
    ages,
    sending,
    settling,
    webhooks,
    failures,
    deadLetters,
    missing,
  });
}

async function readAges(
  target: Target,
  { now, signal }: ReadOverviewOptions,
): Promise<NonNullable<Overview['ages']>> {
  const queues = Object.values(queueOutputs);
  const oldest = await oldestMessages(target, { queues, now, signal });
  return Object.fromEntries(
    queueNames.flatMap((name) => {
      const message = oldest.get(queueOutputs[name]);
      return message === undefined ? [] : [[name, message.ageSeconds]];
    }),
  );
}

async function stateOf(target: Target, place: Parameters<typeof findMapping>[1]): Promise<string> {
  return (await findMapping(target, place)).state();
}

async function readStandings(
  target: Target,
  { businessId = target.businessId, signal }: Pick<ReadOverviewOptions, 'businessId' | 'signal'>,
): Promise<NonNullable<Overview['webhooks']>> {
  if (businessId === undefined) {
    throw configurationError(
      'no-business',
      `The stage names no business. To ask for one: npx relay status --business BUSINESS_ID ${target.options}`,
    );
  }
  const webhooks = await withBusinessWebhooks(target, { businessId, signal }, (each) => each.list());
  const standings = standingsOf(webhooks, { wanted: neededTopics, address: target.output('WebhookUrl') });
  return standings.map(({ topic, points, address }) => present({ topic, points, address }));
}

/** Enough of the dead letters to see what is the matter: SQS hands out ten at a time. */
const most = 1000;

/** What the sends in the dead-letter queue died of. Looks at them, and gives them back. */
async function countByCode(
  target: Target,
  signal: AbortSignal,
): Promise<NonNullable<Overview['deadLetters']>> {
  const counts = new CodeCounts();
  await browseDeadLetters(await browsingOf(target, { signal }), async (page) => {
    for (const letter of page) counts.add(letter);
    return counts.total < most ? 'more' : 'enough';
  });
  return counts.list().map(([code, count]) => ({ code, count }));
}
