import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { failureOf } from '../errors.ts';
import type { AwsClients } from '../target/aws-clients.ts';
import { type Check, type Finding, ok, warning } from './check.ts';

/** Two senders, two settlers, and webhooks beside them. New accounts have 10, for all functions together. */
const fewestConcurrent = 20;

/** How many Lambda functions may run at once. */
export function concurrencyCheck(aws: AwsClients, region: string): Check {
  return {
    name: 'concurrency',
    remedy: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`,
    run: (signal) =>
      unlessUnanswered(async () => {
        const client = await aws.lambda();
        const { AccountLimit: limit } = await client.send(new GetAccountSettingsCommand({}), {
          abortSignal: signal,
        });
        const quota = limit?.ConcurrentExecutions;
        if (quota === undefined)
          return warning('Not known: AWS does not say how many functions may run at once.');
        const text = `${quota} functions may run at once in this account`;
        return quota < fewestConcurrent
          ? warning(
              `${text}: webhooks in bulk meet 429. At least ${fewestConcurrent} are wanted; AWS takes days.`,
            )
          : ok(text);
      }),
  };
}

/** What somebody may not ask, or nobody there understands, is not known, and no fault of the stage. */
export async function unlessUnanswered(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    const { code, message } = failureOf(error);
    if (code !== 'access-denied' && code !== 'aws-unreadable') throw error;
    const [what = message, remedy = 'Ask whoever runs it.'] = message.split(/(?<=\.) (?=Ask |Where )/);
    return warning(`Not known: ${what}`, { remedy });
  }
}
