import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runChecks } from '../../../../cli/checks/check.ts';
import { watchChecks } from '../../../../cli/doctor/watch-checks.ts';
import { AwsError, type AwsOperation } from '../../../../local/aws/protocols/service.ts';
import { type StageFacts, type StageUnderCheck, startStageUnderCheck } from './stage-under-check.ts';

const { signal } = new AbortController();

let stage: StageUnderCheck | undefined;

afterEach(() => stage?.close());

/** An access log with a line of this age, in minutes. */
function lineOf(ageMinutes: number): { readonly FilterLogEvents: AwsOperation } {
  return {
    FilterLogEvents: async ({ startTime }) => ({
      events:
        Number(startTime) <= Date.now() - ageMinutes * 60_000
          ? [{ eventId: 'line', timestamp: Date.now() - ageMinutes * 60_000, message: '{}' }]
          : [],
    }),
  };
}

async function resultsOf(different: Partial<StageFacts>, withTestEvent = true) {
  stage = await startStageUnderCheck({ operations: lineOf(0), ...different });
  const checks = watchChecks(stage.target, { withTestEvent, accessLogMs: 1 });
  return runChecks(checks, { deadlineMs: 10_000, signal });
}

async function troublesOf(different: Partial<StageFacts>) {
  return (await resultsOf(different)).filter(({ verdict }) => verdict !== 'ok');
}

const refuse = async (): Promise<never> => {
  throw new AwsError('AccessDeniedException', 'Not you.', { status: 403 });
};

describe('The checks of who hears and sees of a stage', () => {
  it('find nothing where all is well', async () => {
    const results = await resultsOf({});

    expect(results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'concurrency ok',
      'alarm-email ok',
      'dashboard ok',
      'access-log ok',
    ]);
  });

  it('look into no access log without a test event', async () => {
    const results = await resultsOf({}, false);

    expect(results.map(({ check }) => check)).not.toContain('access-log');
  });

  it.each<[string, Partial<StageFacts>, string, RegExp, RegExp]>([
    [
      'an address that did not confirm',
      { subscriptions: ['arn:aws:sns:eu-west-1:1:topic:1', 'PendingConfirmation'] },
      'alarm-email warning',
      /^1 of 2 did not confirm: alarms ring unheard there\.$/,
      /^Follow the link .*aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:connectly-relay-test-alarms /,
    ],
    [
      'that nobody is told',
      { subscriptions: [] },
      'alarm-email warning',
      /^Nobody is told/,
      /^Write alarmEmail into serverless\.yml.*npx serverless deploy --stage test --region eu-west-1$/,
    ],
    [
      'a quota of 10',
      { concurrency: 10 },
      'concurrency warning',
      /^10 functions may run at once/,
      /^aws service-quotas request-service-quota-increase .* --region eu-west-1$/,
    ],
    [
      'that there is no dashboard',
      { hasDashboard: false },
      'dashboard failed',
      /^connectly-relay-test-eu-west-1 is gone/,
      /^npx serverless deploy --stage test --region eu-west-1$/,
    ],
    [
      'that the access log has no line',
      { operations: lineOf(120) },
      'access-log warning',
      /^It has no line of the last hour/,
      /^aws logs filter-log-events --log-group-name \/aws\/vendedlogs\/http-api\/connectly-relay-test /,
    ],
    [
      'that somebody may not ask for subscriptions',
      { operations: { ...lineOf(0), ListSubscriptionsByTopic: refuse } },
      'alarm-email warning',
      /^Not known: AWS refuses this/,
      /^Ask for the permission/,
    ],
  ])('find %s, with the remedy', async (_, different, check, finding, remedy) => {
    const troubles = await troublesOf(different);

    expect(troubles.map((each) => `${each.check} ${each.verdict}`)).toEqual([check]);
    expect(troubles[0]?.finding).toMatch(finding);
    expect(troubles[0]?.remedy).toMatch(remedy);
  });

  it.each<[string, Partial<StageFacts>]>([
    [
      'a line of some minutes ago, where that of the test event is still on its way',
      { operations: lineOf(5) },
    ],
    ['a stage without a dashboard', { outputs: { DashboardUrl: '' }, hasDashboard: false }],
    [
      'a stage without an access log',
      {
        operations: {
          FilterLogEvents: async () => {
            throw new AwsError('ResourceNotFoundException', 'There is none.');
          },
        },
      },
    ],
  ])('are content with %s', async (_, different) => {
    expect(await troublesOf(different)).toEqual([]);
  });
});

it('The access log that is looked into is that of the template', async () => {
  const template = parse(await readFile('test/template/prod-template.yml', 'utf8'));
  const inTemplate = String(template.Resources.HttpApiLogGroup.Properties.LogGroupName);
  const groups: unknown[] = [];
  const FilterLogEvents: AwsOperation = async ({ logGroupName }) => {
    groups.push(logGroupName);
    return { events: [{ eventId: 'line', timestamp: 0, message: '{}' }] };
  };

  await resultsOf({ operations: { FilterLogEvents } });

  expect(groups).toEqual([inTemplate.replace('-prod', '-test')]);
});
