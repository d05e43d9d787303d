import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { registerStack } from '../../../cli/webhook/register-stack.ts';
import { startHttpApi } from '../../../local/aws/api-gateway/http-api.ts';
import type { EventSourceMapping } from '../../../local/aws/lambda/event-source-mapping.ts';
import { startFakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import { startDeployedFunctions } from './deployed-functions.ts';
import { type Deployment, readDeployedTemplate, readMappings, readStack } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';
import { openMotoLogs } from './moto-logs.ts';
import { pollMoto } from './moto-poller.ts';
import type { Credentials } from './secrets.ts';
import { tellStories } from './stories.ts';
import { useRunningStage } from './use-running-stage.ts';

/** No status comes by itself: the stories say when. */
const noStatuses = { statusDelaysMs: { sent: null, delivered: null, read: null } };

/**
 * Runs the deployed zips against moto and a fake Connectly, tells the stories, and uses the running stage with the command
 * line. Everything it starts, it ends.
 */
export async function runDeployed(
  deployment: Deployment,
  options: {
    readonly expected: ExpectedStack;
    readonly credentials: Credentials;
    readonly nodeBinary: string;
    readonly businessId: string;
    readonly stage: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { aws, report, endpoint, region, accountId } = deployment;
  const { expected, credentials, nodeBinary, businessId, stage, signal } = options;
  const cleanup: (() => unknown)[] = [];
  const problems: string[] = [];
  const lines: string[] = [];
  try {
    const connectly = await startFakeConnectly({
      apiKey: credentials.apiKey,
      webhookSecret: credentials.webhookSecret,
      ...noStatuses,
    });
    cleanup.push(() => connectly.close());
    const { physicalIds, outputs } = await readStack(deployment);
    const logs = openMotoLogs({ endpoint, region });
    cleanup.push(() => logs.close());
    report.substituted("the lines of the functions are put into moto's logs as they come, by this run");
    const functions = await startDeployedFunctions(deployment, expected, {
      bucket: physicalIds.get('ServerlessDeploymentBucket') ?? '',
      keys: codeKeys(await readDeployedTemplate(deployment)),
      connectlyUrl: connectly.url,
      nodeBinary,
      onLine: (name, line) => {
        lines.push(`${name}: ${line}`);
        logs.write(name, line);
      },
    });
    // Before anything that polls for them, so that nothing waits for an invocation which nobody answers any more.
    cleanup.push(() => Promise.all([...functions.values()].map((each) => each.close())));
    const functionOf = (logicalId: string) => {
      const found = functions.get(logicalId);
      if (found === undefined) throw new Error(`There is no function ${logicalId}.`);
      return found;
    };

    const [api] = expected.httpApis;
    if (api === undefined) throw new Error('The template has no HTTP API.');
    const front = await startHttpApi({ stage: '$default', region, accountId });
    cleanup.push(() => front.close());
    front.serve({
      apiId: api.apiId,
      routes: api.routes.map(({ routeKey, timeoutMs, functionLogicalId }) => ({
        routeKey,
        timeoutMs,
        invoke: (event) => functionOf(functionLogicalId).invoke(event),
      })),
    });
    report.substituted(`API Gateway is played by our own HTTP API, from the template's routes`);

    const pollers = new Map<string, EventSourceMapping>();
    for (const mapping of await readMappings(deployment)) {
      await aws(['lambda', 'update-event-source-mapping', '--uuid', mapping.UUID, '--no-enabled']);
      const source = expected.eventSourceMappings.find(({ queueArn }) => queueArn === mapping.EventSourceArn);
      report.substituted(
        `the mapping of ${source?.queueLogicalId} is disabled in moto, which would look for Docker; our own poller plays it, with the deployed settings`,
      );
      const { invoke } = functionOf(source?.functionLogicalId ?? '');
      const onProblem = ({ message }: Error) => problems.push(message);
      const poller = pollMoto(mapping, { endpoint, region, accountId, invoke, onProblem });
      poller.resume();
      pollers.set(source?.queueLogicalId ?? '', poller);
      cleanup.push(() => poller.close());
    }

    const [route] = api.routes;
    const webhookUrl = `${front.url}${route?.routeKey.replace(/^\S+ /, '') ?? ''}`;
    await registerStack({ connectly, businessId, webhookUrl }, credentials.apiKey);
    const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const sqs = new SQSClient(client);
    const dynamoDb = new DynamoDBClient(client);
    cleanup.push(() => sqs.destroy());
    cleanup.push(() => dynamoDb.destroy());
    const outcomesPoller = pollers.get('OutcomesQueue');
    if (outcomesPoller === undefined) throw new Error('Nothing feeds settle-send.');
    const queueUrl = (logicalId: string) =>
      `${endpoint}/${accountId}/${expected.queues.find((queue) => queue.logicalId === logicalId)?.name}`;
    await tellStories({
      report,
      aws,
      sqs,
      dynamoDb,
      connectly,
      webhookUrl,
      businessId,
      queueUrls: {
        events: queueUrl('EventsQueue'),
        sends: queueUrl('SendsQueue'),
        sendsDlq: queueUrl('SendsDlq'),
        outcomes: queueUrl('OutcomesQueue'),
      },
      ledgerTable: expected.tables[0]?.name ?? '',
      outcomesPoller,
    });
    await useRunningStage({
      deployment,
      connectly,
      webhookUrl,
      credentials,
      stage,
      signal,
      addresses: new Map([
        [outputs.get('WebhookUrl') ?? '', webhookUrl],
        [outputs.get('ConnectlyBaseUrl') ?? '', connectly.url],
      ]),
    });
    report.equal('no poll, no batch and no function went wrong beside', problems, []);
    report.holds(
      'nothing of the secrets is in what the functions wrote',
      lines.length > 0 &&
        !lines.some((line) => line.includes(credentials.apiKey) || line.includes(credentials.webhookSecret)),
    );
  } catch (error) {
    for (const line of [...problems, ...lines.slice(-20)]) report.did(line);
    throw error;
  } finally {
    while (cleanup.length > 0) await cleanup.pop()?.();
  }
}

/** Where the zip of each function lies in the deployment bucket. */
function codeKeys(template: { readonly Resources: unknown }): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(Object(template.Resources)).flatMap(([logicalId, resource]) => {
      const { Type: type, Properties: properties } = Object(resource);
      return type === 'AWS::Lambda::Function' ? [[logicalId, String(properties.Code.S3Key)] as const] : [];
    }),
  );
}
