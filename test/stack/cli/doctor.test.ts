import { createServer, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { startAwsEndpoint } from '../../../local/aws/protocols/endpoint.ts';
import { AwsError } from '../../../local/aws/protocols/service.ts';
import type { LocalState } from '../../../local/stack/state-file.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { freePort, listen } from '../../support/listen.ts';
import { patienceMs } from '../../support/waiting.ts';

let stack: Journey;

beforeAll(async () => {
  stack = await startStackHere();
}, patienceMs);

afterAll(() => stack.end());

/** What the local stack's AWS does not know of an account, with a fault in each part. */
function accountWithFaults({ outputs, region, accountId }: LocalState) {
  const stackName = 'connectly-relay-local';
  const known = {
    ...outputs,
    OnlyTo: 'named',
    AlarmTopicArn: `arn:aws:sns:${region}:${accountId}:${stackName}-alarms`,
    DashboardUrl: `https://console.aws.amazon.com/#dashboards/dashboard/${stackName}-${region}`,
  };
  return startAwsEndpoint({
    services: [
      {
        target: 'GraniteServiceVersion20100801',
        contentType: 'application/x-amz-json-1.0',
        operations: {
          async GetDashboard() {
            throw new AwsError('ResourceNotFound', 'Dashboard does not exist', { status: 404 });
          },
        },
      },
    ],
    queryServices: [
      {
        version: '2010-05-15',
        namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
        operations: {
          DescribeStacks: async () => ({
            Stacks: [
              {
                StackName: stackName,
                StackStatus: 'CREATE_COMPLETE',
                CreationTime: new Date(0),
                Outputs: Object.entries(known).map(([key, value]) => ({
                  OutputKey: key,
                  OutputValue: value,
                })),
              },
            ],
          }),
        },
      },
      {
        version: '2010-03-31',
        namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
        operations: {
          ListSubscriptionsByTopic: async () => ({
            Subscriptions: [{ SubscriptionArn: 'PendingConfirmation', Protocol: 'email' }],
          }),
        },
      },
    ],
    restServices: [
      {
        routes: [{ method: 'GET', path: '/2016-08-19/account-settings', operation: 'GetAccountSettings' }],
        operations: { GetAccountSettings: async () => ({ AccountLimit: { ConcurrentExecutions: 10 } }) },
        errorBody: ({ message }) => ({ Message: message }),
      },
    ],
  });
}

/** Lambda at one address: the account's settings are there, the functions at the stack. */
async function lambdaInFront({ account, functions }: { account: string; functions: string }) {
  const server = createServer((incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    const to = new URL(url, url.includes('account-settings') ? account : functions);
    const passedOn = request(to, { method, headers: { ...headers, host: to.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(passedOn);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, close: () => server.close() };
}

/** The address of a proxy that is not there any more. */
const proxyGone = async () => `http://127.0.0.1:${await freePort()}/`;

describe('relay doctor at a deployed stage', { timeout: patienceMs }, () => {
  it('names five planted faults, each with its remedy', async () => {
    const account = await accountWithFaults(stack.state);
    const lambda = await lambdaInFront({ account: account.url, functions: stack.state.awsUrl });
    onTestFinished(async () => {
      lambda.close();
      await account.close();
    });
    await stack.putSecret('WebhookSecretArn', "'local-webhook-secret'");
    const env = {
      AWS_ENDPOINT_URL: stack.state.awsUrl,
      AWS_ENDPOINT_URL_CLOUDFORMATION: account.url,
      AWS_ENDPOINT_URL_CLOUDWATCH: account.url,
      AWS_ENDPOINT_URL_SNS: account.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      HTTPS_PROXY: await proxyGone(),
    };
    const words = [
      'doctor',
      '--stage',
      'local',
      '--region',
      'us-east-1',
      '--business',
      stack.state.businessId,
    ];

    const { exitCode, stdout } = await stack.relayWith({ env }, ...words, '--json');

    const { checks } = doctor.result.parse(JSON.parse(stdout));
    const troubles = checks.filter(({ verdict }) => verdict !== 'ok');
    const proxy = expect.stringMatching(
      /^Not known: .*The proxy 127\.0\.0\.1:\d+, which HTTPS_PROXY names, does not answer \(ECONNREFUSED\)\.$/,
    );
    const past =
      'Correct HTTPS_PROXY, or leave it out. To go to api.connectly.ai without it: NO_PROXY=api.connectly.ai';
    expect(exitCode).toBe(3);
    expect(troubles).toEqual([
      {
        check: 'concurrency',
        verdict: 'warning',
        finding: expect.stringMatching(/^10 functions may run at once/),
        remedy: expect.stringMatching(/^aws service-quotas request-service-quota-increase /),
      },
      {
        check: 'alarm-email',
        verdict: 'warning',
        finding: '1 of 1 did not confirm: alarms ring unheard there.',
        remedy: expect.stringMatching(/^Follow the link in the e-mail "AWS Notification/),
      },
      {
        check: 'dashboard',
        verdict: 'failed',
        finding: expect.stringMatching(/^connectly-relay-local-us-east-1 is gone/),
        remedy: 'npx serverless deploy --stage local --region us-east-1',
      },
      {
        check: 'webhook-secrets',
        verdict: 'failed',
        finding: 'There is a pair of quotes around a value, which Connectly did not give out.',
        remedy: 'npx relay secrets set webhook-secrets --stage local --region us-east-1',
      },
      { check: 'key-accepted', verdict: 'failed', finding: proxy, remedy: past },
      { check: 'registrations', verdict: 'failed', finding: proxy, remedy: past },
    ]);
  });

  it('blames the way, and nothing else, where the proxy that leads to AWS is gone', async () => {
    const env = {
      AWS_ENDPOINT_URL: 'http://aws.test',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      HTTP_PROXY: await proxyGone(),
    };

    const { exitCode, stdout } = await stack.relayWith({ env }, 'doctor', '--stage', 'local', '--json');

    const { checks } = doctor.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(checks).toEqual([
      { check: 'node', verdict: 'ok', finding: expect.any(String) },
      {
        check: 'stack',
        verdict: 'failed',
        finding: expect.stringMatching(/^Not known: The proxy .*, which HTTP_PROXY names, does not answer/),
        remedy: expect.stringMatching(/^Correct HTTP_PROXY.* NO_PROXY=aws\.test$/),
      },
    ]);
  });
});
