import { type EventSourceMapping, startEventSourceMapping } from '../aws/lambda/event-source-mapping.ts';
import { createLambdaFunction, type LambdaFunction } from '../aws/lambda/lambda-function.ts';
import type { AwsServices } from '../aws/services.ts';
import type { FakeConnectly } from '../connectly/fake-connectly.ts';
import type { StackDescription } from '../template/stack-description.ts';
import { localVariables } from './function-variables.ts';
import type { StackSettings } from './options.ts';

/** How many copies of a function run at once when the template does not limit them. */
const defaultConcurrency = 4;

/** The functions of the stack, and the mappings that invoke them. */
export class Workers {
  readonly mappings: EventSourceMapping[] = [];
  readonly #functions = new Map<string, LambdaFunction>();

  createFunctions(
    { functions, eventSourceMappings }: StackDescription,
    means: { aws: AwsServices; connectly: FakeConnectly; settings: StackSettings; codeDirectory: string },
  ): void {
    const { aws, connectly, codeDirectory } = means;
    const { projectRoot, region, accountId, onFunctionLog } = means.settings;
    for (const described of functions) {
      const concurrency = eventSourceMappings
        .filter(({ functionLogicalId }) => functionLogicalId === described.logicalId)
        .map(({ maximumConcurrency }) => maximumConcurrency ?? defaultConcurrency);
      const created = createLambdaFunction({
        name: described.name,
        projectRoot,
        codeDirectory,
        handler: described.handler,
        timeoutSeconds: described.timeoutSeconds,
        memoryMb: described.memoryMb,
        environment: localVariables(described, { awsUrl: aws.url, connectlyUrl: connectly.url }),
        region,
        accountId,
        runtime: described.runtime,
        logFormat: described.logFormat === 'JSON' ? 'JSON' : 'Text',
        maximumConcurrency: described.reservedConcurrency ?? Math.max(defaultConcurrency, ...concurrency),
        onLog(log) {
          aws.takeLog(log);
          onFunctionLog?.(log);
        },
      });
      this.#functions.set(described.logicalId, created);
      aws.addFunction(described);
    }
  }

  startMappings(
    { eventSourceMappings }: StackDescription,
    { aws, settings }: { aws: AwsServices; settings: StackSettings },
  ): void {
    const { region, clock, onMapping } = settings;
    for (const mapping of eventSourceMappings) {
      const started = startEventSourceMapping({
        operations: aws.sqs.service.operations,
        queueUrl: aws.sqs.queues().find(({ arn }) => arn === mapping.queueArn)?.url ?? '',
        queueArn: mapping.queueArn,
        region,
        batchSize: mapping.batchSize,
        maximumBatchingWindowSeconds: mapping.maximumBatchingWindowSeconds,
        maximumConcurrency: mapping.maximumConcurrency ?? defaultConcurrency,
        reportBatchItemFailures: mapping.reportBatchItemFailures,
        enabled: mapping.enabled,
        clock,
        invoke: this.functionOf(mapping.functionLogicalId).invoke,
        ...(onMapping && { onEvent: onMapping }),
      });
      this.mappings.push(started);
      aws.lambda.addMapping(mapping, started);
    }
  }

  /** Throws when the template has no function of that name. */
  functionOf(logicalId: string): LambdaFunction {
    const found = this.#functions.get(logicalId);
    if (found === undefined) throw new Error(`The template has no function ${logicalId}.`);
    return found;
  }

  restart(): void {
    for (const each of this.#functions.values()) each.restart();
  }

  /** Together: a mapping waits for its running batches, and those end at once with their functions. */
  async close(): Promise<void> {
    await Promise.all([...this.mappings, ...this.#functions.values()].map((each) => each.close()));
  }
}
