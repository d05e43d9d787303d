import { startHttpApi } from '../../../../local/aws/api-gateway/http-api.ts';
import type { EventSourceMapping } from '../../../../local/aws/lambda/event-source-mapping.ts';
import { type Deployment, readMappings } from '../deployment.ts';
import type { FunctionOptions, RunningFunctions } from '../emulator.ts';
import { startDeployedFunctions } from './deployed-functions.ts';
import { openMotoLogs } from './logs.ts';
import { pollMoto } from './poller.ts';

/** Runs the deployed zips beside moto, which would look for Docker: our own HTTP API and pollers feed them. */
export async function runOnMoto(
  deployment: Deployment,
  { expected, connectlyUrl, nodeBinary }: FunctionOptions,
): Promise<RunningFunctions> {
  const { aws, report, endpoint, region, accountId } = deployment;
  const cleanup: (() => unknown)[] = [];
  const close = async () => {
    while (cleanup.length > 0) await cleanup.pop()?.();
  };
  const problems: string[] = [];
  const lines: string[] = [];
  try {
    const logs = openMotoLogs({ endpoint, region });
    cleanup.push(() => logs.close());
    report.substituted("the lines of the functions are put into moto's logs as they come, by this run");
    const functions = await startDeployedFunctions(deployment, expected, {
      connectlyUrl,
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
        `the mapping of ${source?.queueLogicalId} is disabled; our own poller plays it, with the deployed settings`,
      );
      const { invoke } = functionOf(source?.functionLogicalId ?? '');
      const onProblem = ({ message }: Error) => problems.push(message);
      const poller = pollMoto(mapping, { endpoint, region, accountId, invoke, onProblem });
      poller.resume();
      pollers.set(source?.queueLogicalId ?? '', poller);
      cleanup.push(() => poller.close());
    }
    const outcomesPoller = pollers.get('OutcomesQueue');
    if (outcomesPoller === undefined) throw new Error('Nothing feeds settle-send.');

    return {
      webhookUrl: `${front.url}${api.routes[0]?.routeKey.replace(/^\S+ /, '') ?? ''}`,
      feedSettleSend: async (isFed) => (isFed ? outcomesPoller.resume() : outcomesPoller.pause()),
      lines: async () => lines,
      problems,
      close,
    };
  } catch (error) {
    for (const line of lines.slice(-20)) report.did(line);
    await close();
    throw error;
  }
}
