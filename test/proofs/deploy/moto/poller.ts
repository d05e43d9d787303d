import {
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../../../local/aws/lambda/event-source-mapping.ts';
import type { Invoke } from '../../../../local/aws/lambda/invocation.ts';
import type { AwsOperation } from '../../../../local/aws/protocols/service.ts';
import { systemClock } from '../../../../local/clock.ts';
import type { DeployedMapping } from '../answers.ts';

/** A poll that its poller has left would still take a message along on moto: none waits for longer than this. */
const longestPollSeconds = 1;

/** Plays Lambda's poller for a deployed mapping, on moto's queue. It starts paused. */
export function pollMoto(
  mapping: DeployedMapping,
  place: {
    readonly endpoint: string;
    readonly region: string;
    readonly accountId: string;
    readonly invoke: Invoke;
    readonly onProblem: (problem: Error) => void;
  },
): EventSourceMapping {
  const { endpoint, region, accountId, invoke } = place;
  const queueName = mapping.EventSourceArn.split(':').at(-1) ?? '';
  return startEventSourceMapping({
    operations: queueOperations(endpoint, region),
    queueUrl: `${endpoint}/${accountId}/${queueName}`,
    queueArn: mapping.EventSourceArn,
    region,
    batchSize: mapping.BatchSize,
    maximumBatchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
    maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? 2,
    reportBatchItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    enabled: false,
    clock: systemClock,
    invoke,
    onEvent: (event) => {
      if (event.kind === 'queue-problem') place.onProblem(event.problem);
      else if (event.problem !== undefined) place.onProblem(new Error(event.problem));
    },
  });
}

function queueOperations(endpoint: string, region: string): Record<string, AwsOperation> {
  const call =
    (name: string): AwsOperation =>
    async (input) => {
      const { WaitTimeSeconds: waitSeconds } = input;
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${name}`,
          // moto reads the region out of it and checks nothing.
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/sqs/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body: JSON.stringify({
          ...input,
          ...(typeof waitSeconds === 'number' && {
            WaitTimeSeconds: Math.min(longestPollSeconds, waitSeconds),
          }),
        }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`moto answered ${name} with ${response.status}`);
      return typeof answer === 'object' && answer !== null ? answer : {};
    };
  const names = ['ReceiveMessage', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'];
  return Object.fromEntries(names.map((name) => [name, call(name)]));
}
