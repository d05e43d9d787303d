import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { registerStack } from '../../../cli/webhook/register-stack.ts';
import { type FakeConnectly, startFakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import { type Deployment, queueUrl, readStack } from './deployment.ts';
import type { Emulator, RunningFunctions } from './emulator.ts';
import type { ExpectedStack } from './expected-stack.ts';
import { type Credentials, readApiKey } from './secrets.ts';
import { tellRecipientStory, tellStories, type World } from './stories.ts';
import { useRunningStage } from './use-running-stage.ts';

/** No status comes by itself: the stories say when. */
const noStatuses = { statusDelaysMs: { sent: null, delivered: null, read: null } };

export interface RunDeployedOptions {
  readonly emulator: Emulator;
  readonly expected: ExpectedStack;
  readonly credentials: Credentials;
  readonly nodeBinary: string;
  readonly businessId: string;
  readonly stage: string;
  readonly signal: AbortSignal;
}

interface Running {
  readonly functions: RunningFunctions;
  readonly connectly: FakeConnectly;
  readonly world: World;
}

/** Runs the deployed zips with a fake Connectly, tells the stories, and uses the running stage with the command line. */
export async function runDeployed(deployment: Deployment, options: RunDeployedOptions): Promise<void> {
  const { report } = deployment;
  const { credentials, stage, signal } = options;
  await whileFunctionsRun(deployment, options, async ({ functions, connectly, world }) => {
    const { webhookUrl } = functions;
    await tellStories(world);
    const { outputs } = await readStack(deployment);
    await useRunningStage({
      deployment,
      connectly,
      webhookUrl,
      credentials,
      stage,
      signal,
      hasDashboard: outputs.has('DashboardUrl'),
      addresses: new Map([
        [outputs.get('WebhookUrl') ?? '', webhookUrl],
        [outputs.get('ConnectlyBaseUrl') ?? '', connectly.url],
      ]),
    });
    report.equal('no poll, no batch and no function went wrong beside', functions.problems, []);
    const lines = await functions.lines();
    report.holds(
      'nothing of the secrets is in what the functions wrote',
      lines.length > 0 &&
        !lines.some((line) => line.includes(credentials.apiKey) || line.includes(credentials.webhookSecret)),
    );
  });
}

/** Runs a stage that may send to one recipient only, and tells what becomes of messages for others. */
export async function runLimited(deployment: Deployment, options: RunDeployedOptions): Promise<void> {
  const credentials = { ...options.credentials, apiKey: await readApiKey(deployment, options.expected) };
  await whileFunctionsRun(deployment, { ...options, credentials }, ({ world }) => tellRecipientStory(world));
}

/** Everything it starts, it ends. */
async function whileFunctionsRun(
  deployment: Deployment,
  options: RunDeployedOptions,
  use: (running: Running) => Promise<void>,
): Promise<void> {
  const { aws, report, endpoint, region } = deployment;
  const { emulator, expected, credentials, nodeBinary, businessId } = options;
  const cleanup: (() => unknown)[] = [];
  try {
    const { apiKey, webhookSecret } = credentials;
    const connectly = await startFakeConnectly({ apiKey, webhookSecret, ...noStatuses });
    cleanup.push(() => connectly.close());
    const functions = await emulator.runFunctions(deployment, {
      expected,
      connectlyUrl: connectly.url,
      nodeBinary,
    });
    cleanup.push(() => functions.close());
    const { webhookUrl } = functions;
    await registerStack({ connectly, businessId, webhookUrl }, apiKey);
    const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const sqs = new SQSClient(client);
    const dynamoDb = new DynamoDBClient(client);
    cleanup.push(() => sqs.destroy());
    cleanup.push(() => dynamoDb.destroy());
    const urlOf = (logicalId: string) =>
      queueUrl(deployment, expected.queues.find((queue) => queue.logicalId === logicalId)?.name ?? '');
    const world: World = {
      report,
      aws,
      sqs,
      dynamoDb,
      connectly,
      webhookUrl,
      businessId,
      queueUrls: {
        events: urlOf('EventsQueue'),
        sends: urlOf('SendsQueue'),
        sendsDlq: urlOf('SendsDlq'),
        outcomes: urlOf('OutcomesQueue'),
      },
      ledgerTable: expected.tables[0]?.name ?? '',
      feedSettleSend: (isFed) => functions.feedSettleSend(isFed),
    };
    try {
      await use({ functions, connectly, world });
    } catch (error) {
      const lines = await functions.lines();
      for (const line of [...functions.problems, ...lines.slice(-20)]) report.did(line);
      throw error;
    }
  } finally {
    while (cleanup.length > 0) await cleanup.pop()?.();
  }
}
