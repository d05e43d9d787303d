import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { noWildcards } from '../template/policy-rules.ts';
import { readTemplate, type Template } from '../template/template.ts';

let copy: ProjectCopy;
let home: string;

beforeAll(async () => {
  copy = await copyProject();
  home = await mkdtemp(join(tmpdir(), 'relay-home-'));
});

afterAll(async () => {
  await copy.remove();
  await rm(home, { recursive: true, force: true });
});

/** `serverless package` as a person types it; `exitCode` as the shell sees it. */
async function packageWith(...options: string[]): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['node_modules/.bin/serverless', 'package', ...options],
      { cwd: copy.root, env: { PATH: process.env['PATH'], HOME: home } },
      (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, output: stripVTControlCharacters(stdout + stderr) });
      },
    );
  });
}

async function packagedTemplate(): Promise<Template> {
  return readTemplate(JSON.parse(await copy.read('.serverless/cloudformation-template-update-stack.json')));
}

const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('serverless package', { timeout: 60_000 }, () => {
  it('refuses settings that cannot work before it packages anything, all at once', async () => {
    const settings = ['senderConcurrency=1', 'tracing=maybe', 'busnessId=biz_1'].map(
      (setting) => `--param=${setting}`,
    );

    const { exitCode, output } = await packageWith(...settings);

    expect(exitCode).toBe(1);
    expect(output).toContain(
      'busnessId (--param on the command line) is not a setting. Did you mean businessId?',
    );
    expect(output).toContain(
      'senderConcurrency (--param on the command line) must be a whole number from 2 to 1000',
    );
    expect(output).toContain('tracing (--param on the command line) must be one of true, false');
    await expect(copy.read('build/functions/send-message.cjs')).rejects.toThrow('ENOENT');
  });

  it.each([
    ['Dev_1', 'Invalid stage name. Stage names may contain only ASCII letters, numbers, and hyphens.'],
    ['dev-', '- The stage must be at most 32 letters, digits and hyphens between them: it is part of'],
  ])('refuses a name that no stage can have, once: %s', async (stage, reason) => {
    const { exitCode, output } = await packageWith('--stage', stage);

    const times = output.split(reason).length - 1;
    expect([exitCode, times]).toEqual([1, 1]);
  });

  it('refuses a queue that hands out messages while their function may still work on them', async () => {
    const queues = await copy.read('resources/queues.yml');
    await copy.edit('resources/queues.yml', ['VisibilityTimeout: 361', 'VisibilityTimeout: 360']);

    const { exitCode, output } = await packageWith();

    await copy.write('resources/queues.yml', queues);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      'VisibilityTimeout of SendsQueue is 360 s: set it to 361 at least in resources/queues.yml',
    );
  });

  it('refuses more recipients than a function has room for', async () => {
    const { exitCode, output } = await packageWith(
      `--param=onlyTo=${Array(300).fill('+15555555555').join()}`,
    );

    expect(exitCode).toBe(1);
    expect(output).toContain('Lambda takes 4096: ONLY_TO alone is 3899. Name fewer recipients in onlyTo.');
  });

  it('warns of a stage that sends to everybody, with what to write, and packages it', async () => {
    const { exitCode, output } = await packageWith('--stage', 'dev');

    const { Outputs: outputs } = await packagedTemplate();
    expect([exitCode, output]).toEqual([0, expect.stringContaining('Service packaged')]);
    expect(output).toContain('The stage dev sends to everybody');
    expect(output).toContain("\n  dev:\n    onlyTo: '+15555555555'\n");
    expect(outputs['OnlyTo']).toMatchObject({ Value: 'unset' });
  });

  it("takes the settings for a company's accounts to where they belong", async () => {
    const settings = {
      onlyTo: '*',
      accessLog: false,
      extraTags: 'Owner=payments,Cost Centre=4711',
      permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
      deploymentBucket: 'company-deployments',
      cloudFormationRoleArn: 'arn:aws:iam::123456789012:role/cloudformation',
      eventsOperator: 'role/on-call',
      terminationProtection: true,
    };
    const options = Object.entries(settings).map(([name, value]) => `--param=${name}=${value}`);

    const { exitCode, output } = await packageWith('--stage', 'company', ...options);

    const { Resources: resources, Outputs: outputs } = await packagedTemplate();
    const { service } = Object(JSON.parse(await copy.read('.serverless/serverless-state.json')));
    expect([exitCode, output]).toEqual([0, expect.stringContaining('Service packaged')]);
    expect(output).not.toContain('sends to everybody');
    expect(outputs['OnlyTo']).toMatchObject({ Value: 'everybody' });
    for (const id of ['ReceiveWebhookRole', 'SendMessageRole', 'SettleSendRole'])
      expect(resources[id]?.Properties['PermissionsBoundary']).toBe(settings.permissionsBoundaryArn);
    expect(resources['SendMessageLambdaFunction']?.Properties['Code']).toMatchObject({
      S3Bucket: 'company-deployments',
    });
    expect(JSON.stringify(resources['EventsQueuePolicy'])).toContain(':role/on-call"');
    expect(Object.keys(resources).filter((id) => /Bucket|HttpApiLog/.test(id))).toEqual([]);
    expect(resources['HttpApiStage']?.Properties).not.toHaveProperty('AccessLogSettings');
    expect(service.provider).toMatchObject({
      iam: { deploymentRole: settings.cloudFormationRoleArn },
      deletionProtection: true,
      stackTags: { service: 'connectly-relay', stage: 'company', Owner: 'payments', 'Cost Centre': '4711' },
    });
  });

  it('takes every setting from the command line to where it belongs', async () => {
    const settings = {
      businessId: 'biz_1',
      senderNumber: '+15550001111',
      onlyTo: '+15550002222',
      ifUnclear: 'settle',
      outcomeWaitSeconds: 600,
      sendsPerSecond: 80,
      sendsPerSecondPerNumber: 70,
      sendsPerSecondPerBusiness: 75,
      senderConcurrency: 3,
      sendWindow: 32,
      sendBatchSize: 500,
      webhookPath: '/in/connectly',
      queueRetentionSeconds: 432_000,
      dlqRetentionSeconds: 864_000,
      logRetentionDays: 90,
      logLevel: 'warn',
      functionMemoryMb: 1024,
      alarmEmail: 'on-call@example.com',
      alarmWebhooksPerHour: 100_000,
      alarmSendsPerHour: 20_000,
      dataKeyArn: key,
      logKeyArn: key,
      dashboard: false,
      tracing: true,
      deletionPolicy: 'Retain',
    };
    const options = Object.entries(settings).map(([name, value]) => `--param=${name}=${value}`);

    const { exitCode, output } = await packageWith('--stage', 'two', '--region', 'us-east-1', ...options);
    const template = await packagedTemplate();

    expect([exitCode, output]).toEqual([0, expect.stringContaining('Service packaged')]);
    const properties = (id: string) => template.Resources[id]?.Properties;
    expect(properties('SendMessageLambdaFunction')).toMatchObject({
      MemorySize: 1024,
      TracingConfig: { Mode: 'Active' },
      Environment: {
        Variables: {
          BUSINESS_ID: 'biz_1',
          SENDER_NUMBER: '+15550001111',
          ONLY_TO: '+15550002222',
          IF_UNCLEAR: 'settle',
          SENDS_PER_SECOND: '80',
          SENDS_PER_SECOND_PER_NUMBER: '70',
          SENDS_PER_SECOND_PER_BUSINESS: '75',
          SENDER_CONCURRENCY: '3',
          SEND_WINDOW: '32',
          LOG_LEVEL: 'warn',
        },
      },
    });
    expect(properties('SettleSendLambdaFunction')).toMatchObject({
      Environment: { Variables: { OUTCOME_WAIT_SECONDS: '600' } },
    });
    expect(properties('SendMessageEventSourceMappingSQSSendsQueue')).toMatchObject({
      BatchSize: 500,
      ScalingConfig: { MaximumConcurrency: 3 },
    });
    expect(properties('HttpApiRoutePostInConnectly')).toMatchObject({ RouteKey: 'POST /in/connectly' });
    expect(properties('ManyWebhooksAlarm')).toMatchObject({ Threshold: 100_000 });
    expect(properties('ManySendsAlarm')).toMatchObject({ Threshold: 20_000 });
    expect(properties('AlarmSubscription')).toMatchObject({ Endpoint: 'on-call@example.com' });
    for (const id of ['EventsQueue', 'SendsQueue', 'OutcomesQueue']) {
      expect(properties(id)).toMatchObject({ MessageRetentionPeriod: '432000', KmsMasterKeyId: key });
      expect(properties(id)).not.toHaveProperty('SqsManagedSseEnabled');
    }
    for (const id of ['EventsDlq', 'SendsDlq'])
      expect(properties(id)).toMatchObject({ MessageRetentionPeriod: '864000', KmsMasterKeyId: key });
    for (const id of ['WebhookSecret', 'ApiKeySecret', 'SendMessageLogGroup', 'HttpApiLogGroup'])
      expect(properties(id)).toMatchObject({ KmsKeyId: key });
    expect(properties('HttpApiLogGroup')).toMatchObject({ RetentionInDays: 90 });
    expect(template.Outputs['OnlyTo']).toMatchObject({ Value: 'named' });
    expect(properties('LedgerTable')).toMatchObject({
      SSESpecification: { KMSMasterKeyId: key },
      DeletionProtectionEnabled: true,
    });
    expect(template.Resources['SendsQueue']?.DeletionPolicy).toBe('Retain');
    expect(template.Outputs['BusinessId']).toMatchObject({ Value: 'biz_1' });
    expect(template.Resources).not.toHaveProperty('Dashboard');
    expect(template.Outputs).not.toHaveProperty('DashboardUrl');
    const through = (service: string, actions: readonly string[]) => ({
      Effect: 'Allow',
      Action: expect.arrayContaining([...actions]),
      Resource: key,
      Condition: { StringLike: { 'kms:ViaService': { 'Fn::Sub': `${service}.\${AWS::Region}.*` } } },
    });
    const ofQueues = through('sqs', ['kms:Decrypt', 'kms:GenerateDataKey']);
    const ofLedger = through('dynamodb', ['kms:DescribeKey', 'kms:Encrypt']);
    const traces = {
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      Resource: '*',
    };
    for (const id of ['ReceiveWebhookRole', 'SendMessageRole', 'SettleSendRole']) {
      expect(properties(id)?.['Policies']).toMatchObject([
        { PolicyDocument: { Statement: expect.arrayContaining([ofQueues, traces]) } },
      ]);
    }
    for (const id of ['SendMessageRole', 'SettleSendRole']) {
      expect(properties(id)?.['Policies']).toMatchObject([
        { PolicyDocument: { Statement: expect.arrayContaining([ofLedger]) } },
      ]);
    }
    expect(properties('SendPolicy')).toMatchObject({
      PolicyDocument: { Statement: expect.arrayContaining([ofQueues]) },
    });
    // X-Ray knows no resources; that is the one exception.
    expect(new Set(noWildcards(template).map((problem) => problem.split(': ').pop()))).toEqual(
      new Set(['*']),
    );
    expect(noWildcards(template)).toHaveLength(3);
  });
});
