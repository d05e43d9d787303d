import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, readFunctions, readMappings, readStack } from '../deployment.ts';
import type { FunctionOptions, RunningFunctions } from '../emulator.ts';

/** MiniStack runs the deployed zips by itself, behind its own HTTP API and its own mappings. */
export async function runOnMiniStack(
  deployment: Deployment,
  { expected, connectlyUrl }: FunctionOptions,
): Promise<RunningFunctions> {
  const { aws, report, endpoint } = deployment;
  for (const { FunctionName: name, Environment: environment } of await readFunctions(deployment)) {
    const { Variables: variables } = environment;
    if (variables['CONNECTLY_BASE_URL'] === undefined) continue;
    report.substituted(`CONNECTLY_BASE_URL of ${name}: the fake Connectly in the place of the real one`);
    const changed = { Variables: { ...variables, CONNECTLY_BASE_URL: connectlyUrl } };
    const settings = ['--function-name', name, '--environment', JSON.stringify(changed)];
    await aws(['lambda', 'update-function-configuration', ...settings]);
  }
  const feed = async (queue: string, isFed: boolean) => {
    const mapping = (await readMappings(deployment)).find(({ EventSourceArn: arn }) => arn.endsWith(queue));
    const to = isFed ? '--enabled' : '--no-enabled';
    await aws(['lambda', 'update-event-source-mapping', '--uuid', mapping?.UUID ?? '', to]);
    // It polls once a second, and ends a poll that has begun.
    if (!isFed) await sleep(2_000);
  };
  const queues = expected.eventSourceMappings.map(({ queueArn }) => queueArn);
  await Promise.all(queues.map((queue) => feed(queue, true)));
  const { physicalIds } = await readStack(deployment);
  const [api] = expected.httpApis;
  const path = api?.routes[0]?.routeKey.replace(/^\S+ /, '') ?? '';
  return {
    webhookUrl: `${endpoint}/_aws/execute-api/${physicalIds.get('HttpApi')}/$default${path}`,
    feedSettleSend: (isFed) => feed('-outcomes', isFed),
    async lines() {
      const groups = expected.functions.map(({ name }) => `/aws/lambda/${name}`);
      const answers = await Promise.all(
        groups.map((group) => aws(['logs', 'filter-log-events', '--log-group-name', group])),
      );
      return answers.flatMap((answer) =>
        [Object(answer).events].flat().map((event: unknown) => String(Object(event).message)),
      );
    },
    problems: [],
    async close() {
      await Promise.all(queues.map((queue) => feed(queue, false)));
    },
  };
}
