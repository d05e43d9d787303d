import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { timeForOneMessageMs } from '../../../lib/delivery/time.ts';
import { type GivenSettings, settingProblems, settingsOf } from '../../../resources/settings.ts';

const serviceSchema = z.object({
  params: z.record(z.string(), z.record(z.string(), z.unknown())),
  functions: z.object({ sendMessage: z.object({ timeout: z.number() }) }),
});

const service = serviceSchema.parse(
  parse(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'), { logLevel: 'silent' }),
);

/** What a deployment of prod is given, and what the command line adds. */
function given(commandLine: readonly string[] = [], rest: Partial<GivenSettings> = {}): GivenSettings {
  return {
    stage: 'prod',
    region: 'eu-west-1',
    params: service.params,
    commandLine,
    sendTimeoutSeconds: service.functions.sendMessage.timeout,
    ...rest,
  };
}

const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';

describe('The settings', () => {
  it.each(Object.keys(service.params))('of serverless.yml can work for %s', (stage) => {
    const problems = settingProblems(given([], { stage }));

    expect(problems).toEqual([]);
  });

  it('are those of the command line before the stage, before the default', () => {
    const params = { default: { one: 1, two: 1, three: 1 }, prod: { two: 2, three: 2 } };

    const settings = settingsOf(given(['three=3=c'], { params }));

    expect([...settings]).toEqual([
      ['one', { value: '1', place: 'params.default in serverless.yml', isNumber: true }],
      ['two', { value: '2', place: 'params.prod in serverless.yml', isNumber: true }],
      ['three', { value: '3=c', place: '--param on the command line' }],
    ]);
  });

  it.each([
    'businessId=biz_1',
    'senderNumber=+15555555555',
    'onlyTo=+15555555555, US.abc123',
    'onlyTo=*',
    'ifUnclear=settle',
    'outcomeWaitSeconds=172800',
    'sendsPerSecond=200',
    'senderConcurrency=4',
    'sendWindow=500',
    'sendBatchSize=2240',
    'sendsPerSecondPerNumber=1000',
    'sendsPerSecondPerBusiness=200',
    'webhookPath=/in/connectly-v1',
    'queueRetentionSeconds=1123200',
    'dlqRetentionSeconds=432000',
    'logRetentionDays=3653',
    'logLevel=warn',
    'functionMemoryMb=128',
    'alarmEmail=on-call@example.com',
    `alarmTopicArn=${topic}`,
    `dataKeyArn=${key('eu-west-1')}`,
    `logKeyArn=${key('eu-west-1')}`,
    'dashboard=false',
    'tracing=true',
    'deletionPolicy=Retain',
    'connectlyBaseUrl=https://api.eu.connectly.ai',
    'accessLog=false',
    'extraTags=Owner=payments, Cost Centre=47/11,Empty=,Sum=1+1=2',
    'permissionsBoundaryArn=arn:aws:iam::123456789012:policy/team/boundary',
    'deploymentBucket=company.deployments-eu1',
    'cloudFormationRoleArn=arn:aws-cn:iam::123456789012:role/cloudformation',
    'alarmWebhooksPerHour=1',
    'alarmSendsPerHour=20000',
    'eventsOperator=user/on.call@example.com',
    'eventsOperator=role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_OnCall_*',
    'eventsOperator=*/on-call',
  ])('may say %s', (setting) => {
    const problems = settingProblems(given([setting]));

    expect(problems).toEqual([]);
  });

  it.each([
    ['sendsPerSecond=0', 'must be a number above 0'],
    ['sendsPerSecond=200.5', 'is above 200, the limit of Connectly'],
    ['sendsPerSecondPerNumber=0', 'must be a number above 0'],
    ['sendsPerSecondPerNumber=1001', 'at most 1000'],
    ['sendsPerSecondPerBusiness=0', 'must be a number above 0'],
    ['sendsPerSecondPerBusiness=200.5', 'at most 200'],
    ['sendsPerSecond=fast', 'must be a number'],
    ['senderConcurrency=1', 'from 2 to 1000'],
    ['senderConcurrency=1001', 'from 2 to 1000'],
    ['senderConcurrency=2.5', 'whole number'],
    ['sendWindow=0', 'from 1 to 500'],
    ['sendWindow=501', 'from 1 to 500'],
    ['sendBatchSize=10001', 'from 1 to 10000'],
    ['outcomeWaitSeconds=0', 'from 1 to 172800'],
    ['outcomeWaitSeconds=172801', 'from 1 to 172800'],
    ['queueRetentionSeconds=345599', 'from 345600 to 1123200'],
    ['queueRetentionSeconds=1209600', 'from 345600 to 1123200'],
    ['dlqRetentionSeconds=1209601', 'to 1209600'],
    ['logRetentionDays=31', 'must be one of 1, 3, 5'],
    ['functionMemoryMb=127', 'from 128 to 10240'],
    ['logLevel=verbose', 'must be one of debug, info, warn, error'],
    ['ifUnclear=drop', 'must be one of hold, settle, resend'],
    ['businessId=../biz', 'must be the id of a business'],
    ['senderNumber=15555555555', 'must be a number like +15555555555. In serverless.yml, put it in quotes.'],
    ['onlyTo=+15555555555,', 'must be numbers like +15555555555'],
    ['onlyTo=anybody', 'must be numbers like +15555555555'],
    ['connectlyBaseUrl=https://example.com', 'must be https on a host of connectly.ai'],
    ['webhookPath=webhooks', 'must be a path like /webhooks'],
    ['webhookPath=/{proxy+}', 'must be a path like /webhooks'],
    ['webhookPath=/', 'must be a path like /webhooks'],
    ['alarmEmail=somebody', 'must be one e-mail address'],
    ['alarmEmail=a@example.com,b@example.com', 'must be one e-mail address'],
    ['alarmTopicArn=alarms', 'must be an ARN like arn:aws:sns:'],
    [
      'alarmTopicArn=arn:aws:sns:us-east-1:123456789012:alarms',
      'is in us-east-1, but the stack is for eu-west-1',
    ],
    ['dataKeyArn=alias/data', 'must be an ARN like arn:aws:kms:'],
    ['dataKeyArn=arn:aws:kms:eu-west-1:123456789012:alias/data', 'must be an ARN like arn:aws:kms:'],
    [`dataKeyArn=${key('us-east-1')}`, 'is in us-east-1, but the stack is for eu-west-1'],
    [`logKeyArn=${key('us-east-1')}`, 'is in us-east-1, but the stack is for eu-west-1'],
    ['dashboard=yes', 'must be one of true, false'],
    ['accessLog=no', 'must be one of true, false'],
    ['onlyTo=*,+15555555555', 'must be numbers like +15555555555'],
    ['extraTags=Owner', 'must be tags like Owner=payments'],
    ['extraTags=Owner=a,owner=b', 'names that differ'],
    ['extraTags=Stage=prod', 'not service, stage'],
    ['extraTags=aws:team=a', 'nor aws:'],
    ['extraTags=Owner=ä', 'of letters, digits'],
    [`extraTags=${Array.from({ length: 46 }, (_, index) => `tag${index}=x`).join(',')}`, 'at most 45 names'],
    ['permissionsBoundaryArn=boundary', 'must be an ARN like arn:aws:iam::ACCOUNT:policy/NAME'],
    ['cloudFormationRoleArn=arn:aws:iam::1:role/x', 'must be an ARN like arn:aws:iam::ACCOUNT:role/NAME'],
    ['alarmWebhooksPerHour=0', 'must be a whole number from 1 to 10000000'],
    ['alarmSendsPerHour=many', 'must be a whole number from 1 to 10000000'],
    ['eventsOperator=on-call', 'must be a user or a role of the account, like user/NAME'],
    ['eventsOperator=role/*', 'not for everybody'],
    ['eventsOperator=*/*', 'not for everybody'],
    ['eventsOperator=arn:aws:iam::123456789012:role/on-call', 'must be a user or a role of the account'],
    ['deploymentBucket=My_Bucket', 'must be the name of a bucket'],
    ['deploymentBucket=10.0.0.1', 'must be the name of a bucket'],
    ['tracing=1', 'must be one of true, false'],
    ['terminationProtection=on', 'must be one of true, false'],
    ['deletionPolicy=Snapshot', 'must be one of Delete, Retain, RetainExceptOnCreate'],
    ['sendbatchsize=10', 'is not a setting. Did you mean sendBatchSize?'],
    ['colour=blue', 'is not a setting. Known are: connectlyBaseUrl, '],
    ['onlyTo=', 'is empty: give it a value, or leave it out'],
    ['onlyTo= ', 'is empty: give it a value, or leave it out'],
  ])('may not say %s', (setting, problem) => {
    const problems = settingProblems(given([setting]));

    const [name = ''] = setting.split('=');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} (--param on the command line) `);
    expect(problems[0]).toContain(problem);
  });

  it.each([
    [
      'a batch that cannot be sent in time',
      ['sendBatchSize=2241'],
      'sendBatchSize (--param on the command line) is more than can be sent in the 60 s of send-message at 80 a second',
      'set it to 2240 at most',
    ],
    [
      'a batch of one number that cannot be sent in time',
      ['sendBatchSize=1121', 'senderNumber=+15555555555'],
      'sendBatchSize (--param on the command line) is more than can be sent in the 60 s of send-message at 40 a second: with sendsPerSecondPerNumber 80',
      'set it to 1120 at most',
    ],
    [
      'a batch of one business that cannot be sent in time',
      ['sendBatchSize=561', 'businessId=biz_1', 'sendsPerSecondPerBusiness=40'],
      'sendBatchSize (--param on the command line) is more than can be sent in the 60 s of send-message at 20 a second: with sendsPerSecondPerBusiness 40',
      'set it to 560 at most',
    ],
    [
      'the default batch at a low rate',
      ['sendsPerSecond=10'],
      'sendBatchSize (params.default in serverless.yml)',
      'set it to 140 at most',
    ],
    [
      'a share of the rate that is not one message',
      ['sendsPerSecond=0.05'],
      'sendsPerSecond (--param on the command line) is too low',
      'lower senderConcurrency',
    ],
    [
      'dead letters that do not outlive their source',
      ['queueRetentionSeconds=1000000', 'dlqRetentionSeconds=1000000'],
      'dlqRetentionSeconds (--param on the command line) must be above queueRetentionSeconds',
      'first enqueue time',
    ],
    [
      'an e-mail address for a topic of somebody else',
      ['alarmEmail=a@example.com', `alarmTopicArn=${topic}`],
      "alarmEmail (--param on the command line) goes with the stack's own topic only",
      'leave alarmEmail out',
    ],
  ])('do not go together with %s', (_, settings, problem, remedy) => {
    const problems = settingProblems(given(settings));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).toContain(remedy);
  });

  it('leave the worst message its time after the largest batch has been begun', () => {
    const timeoutMs = service.functions.sendMessage.timeout * 1000;

    const lastBegunMs = (2240 / 80) * 1000;

    expect(lastBegunMs + timeForOneMessageMs).toBeLessThan(timeoutMs);
  });

  it('of the file are named with their place', () => {
    const params = {
      default: { ...service.params['default'], onlyTo: '  ' },
      prod: { tracing: 'on', rate: 1 },
    };

    const problems = settingProblems(given([], { params }));

    expect(problems).toEqual([
      expect.stringMatching(/^rate \(params\.prod in serverless\.yml\) is not a setting\./),
      expect.stringMatching(/^onlyTo \(params\.default in serverless\.yml\) is set, but names nobody/),
      expect.stringMatching(/^tracing \(params\.prod in serverless\.yml\) must be one of true, false/),
    ]);
  });

  it.each([
    ['businessId', 12_345],
    ['senderNumber', 15_555_555_555],
    ['onlyTo', 15_555_555_555],
  ])('of the file that are texts are refused as numbers: %s', (name, value) => {
    const params = { ...service.params, prod: { [name]: value } };

    const problems = settingProblems(given([], { params }));

    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${name} \\(params\\.prod in serverless\\.yml\\) .*In serverless\\.yml, put (it|them) in quotes\\.$`,
        ),
      ),
    ]);
  });

  it.each([
    ['onlyTo', ['+15555555555', '+15555555556']],
    ['extraTags', { team: 'messaging' }],
  ])('of the file that are texts are refused as lists and maps: %s', (name, value) => {
    const params = { ...service.params, prod: { [name]: value } };

    const problems = settingProblems(given([], { params }));

    expect(problems).toEqual([
      `${name} (params.prod in serverless.yml) is a list or a map, and must be one text. Put commas between its parts, and quotes around all.`,
    ]);
  });

  it.each(['a'.repeat(33), 'my_stage', 'my.stage', '-prod', 'prod-', 'pröd', ''])(
    'refuse the stage "%s"',
    (stage) => {
      const problems = settingProblems(given([], { stage }));

      expect(problems).toEqual([expect.stringContaining('The stage must be at most 32 letters')]);
    },
  );

  it('are all in the table of docs/settings.md, and nothing else is', () => {
    const docs = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
    const [, chapter = ''] = docs.split('## Settings\n');

    const documented = [...(chapter.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(
      ([, name]) => name,
    );

    expect(new Set(documented)).toEqual(new Set(Object.keys(service.params['default'] ?? {})));
  });
});
