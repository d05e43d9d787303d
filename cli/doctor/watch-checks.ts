import { setTimeout as sleep } from 'node:timers/promises';
import { GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { concurrencyCheck, unlessUnanswered } from '../checks/account-checks.ts';
import { type Check, failed, ok, warning } from '../checks/check.ts';
import type { Target } from '../target/target.ts';

export interface WatchChecksOptions {
  /** Whether a signed test event is on its way. */
  readonly withTestEvent: boolean;
  /** How long to look for its line in the access log, in milliseconds; 6 seconds unless given. */
  readonly accessLogMs?: number;
}

/** Whether people hear and see of a deployed stage, and whether it has room. The local stack has none of it. */
export function watchChecks(
  target: Target,
  { withTestEvent, accessLogMs = 6000 }: WatchChecksOptions,
): Check[] {
  if (target.kind === 'local') return [];
  const deploy = `npx serverless deploy --stage ${target.stage} --region ${target.region}`;
  return [
    concurrencyCheck(target.aws, target.region),
    alarmCheck(target, deploy),
    dashboardCheck(target, deploy),
    ...(withTestEvent ? [accessLogCheck(target, accessLogMs)] : []),
  ];
}

function alarmCheck({ aws, region, stage, alarmTopicArn: topic }: Target, deploy: string): Check {
  return {
    name: 'alarm-email',
    remedy: `Write alarmEmail into serverless.yml, below params and ${stage}: ${deploy}`,
    run: (abortSignal) =>
      unlessUnanswered(async () => {
        if (topic === undefined)
          return warning('Not known: the stack is older than this.', { remedy: deploy });
        const command = new ListSubscriptionsByTopicCommand({ TopicArn: topic });
        const { Subscriptions: found = [] } = await (await aws.sns()).send(command, { abortSignal });
        if (found.length === 0) return warning('Nobody is told when an alarm rings.');
        const pending = found.filter(({ SubscriptionArn: arn }) => arn === 'PendingConfirmation').length;
        if (pending === 0) return ok(`Told when an alarm rings: ${found.length}`);
        return warning(`${pending} of ${found.length} did not confirm: alarms ring unheard there.`, {
          remedy: `Follow the link in the e-mail "AWS Notification - Subscription Confirmation". To get it again: aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint ADDRESS --region ${region}`,
        });
      }),
  };
}

function dashboardCheck({ aws, dashboardUrl }: Target, deploy: string): Check {
  return {
    name: 'dashboard',
    remedy: deploy,
    run: (abortSignal) =>
      unlessUnanswered(async () => {
        const name = dashboardUrl?.replace(/^.*\//, '');
        if (name === undefined) return ok('Switched off (dashboard)');
        try {
          await (await aws.cloudWatch()).send(new GetDashboardCommand({ DashboardName: name }), {
            abortSignal,
          });
          return ok(`${name} is there`);
        } catch (error) {
          if (error instanceof Error && /NotFound/.test(error.name))
            return failed(`${name} is gone: somebody deleted it.`);
          throw error;
        }
      }),
  };
}

/** API Gateway writes a line within a minute or so; one is enough to know that it may. */
function accessLogCheck({ aws, stackName, region }: Target, patienceMs: number): Check {
  const group = `/aws/vendedlogs/http-api/${stackName}`;
  const lookBackMs = 60 * 60 * 1000;
  return {
    name: 'access-log',
    remedy: `aws logs filter-log-events --log-group-name ${group} --region ${region}`,
    run: (abortSignal) =>
      unlessUnanswered(async () => {
        const client = await aws.logs();
        const [startedAt, deadline] = [Date.now(), Date.now() + patienceMs];
        const newest = async (startTime: number) => {
          const command = new FilterLogEventsCommand({ logGroupName: group, startTime, limit: 1 });
          return (await client.send(command, { abortSignal })).events?.length ?? 0;
        };
        try {
          do {
            if ((await newest(startedAt)) > 0) return ok('It has a line for the test event');
            await sleep(Math.min(1000, patienceMs), undefined, { signal: abortSignal });
          } while (Date.now() < deadline);
          return (await newest(startedAt - lookBackMs)) > 0
            ? ok('It has lines of the last hour; that of the test event comes within minutes')
            : warning(
                'It has no line of the last hour, nor of the test event yet. Look again in some minutes.',
              );
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return ok('Switched off (accessLog)');
          throw error;
        }
      }),
  };
}
