import { startEventSourceMapping } from '../../../local/aws/lambda/event-source-mapping.ts';
import type { Invocation } from '../../../local/aws/lambda/invocation.ts';
import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import { createRandom } from '../harness/random.ts';
import { responseShape } from './response-shapes.ts';

export interface ShapeReport {
  readonly batches: number;
  readonly byShape: Readonly<Record<string, number>>;
  /** Messages that are gone and should be there, or the other way round. */
  readonly wrong: readonly string[];
}

const visibilitySeconds = 1_000;

/** Answers of every shape to batches of a queue, through the mapping; what is left on the queue is the verdict. */
export async function runShapes(batches: number, seed: number): Promise<ShapeReport> {
  const random = createRandom(seed, 1);
  const { sqs, clock, call, createQueue, view } = createSqsInProcess();
  const queueUrl = await createQueue('sends', { VisibilityTimeout: String(visibilitySeconds) });
  const byShape: Record<string, number> = {};
  const wrong: string[] = [];
  let expected: ReadonlySet<string> = new Set();
  let shapeName = '';

  function invoke(event: unknown): Promise<Invocation> {
    const ids: string[] = [];
    if (typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records))
      for (const record of event.Records) ids.push(String(record.messageId));
    const requestId = 'shape';
    if (random.chance(0.1)) {
      expected = new Set(ids);
      shapeName = 'an error';
      const failed = { errorType: 'Error', errorMessage: 'thrown', trace: [], requestId, durationMs: 1 };
      return Promise.resolve({ kind: 'function-error', ...failed });
    }
    const shape = responseShape(ids, random);
    ({ name: shapeName, stay: expected } = shape);
    return Promise.resolve({ kind: 'success', payload: shape.payload, requestId, durationMs: 1 });
  }

  const mapping = startEventSourceMapping({
    operations: sqs.service.operations,
    queueUrl,
    queueArn: view('sends').arn,
    region: 'eu-central-1',
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
    clock,
    invoke,
  });
  for (let batch = 0; batch < batches; batch += 1) {
    mapping.pause();
    const size = 1 + random.int(10);
    for (let index = 0; index < size; index += 1)
      await call('SendMessage', { QueueUrl: queueUrl, MessageBody: `message ${index}` });
    mapping.resume();
    await clock.advance(10);
    byShape[shapeName] = (byShape[shapeName] ?? 0) + 1;
    const left = new Set(
      view('sends')
        .peek(Infinity)
        .map(({ id }) => id),
    );
    const isRight = left.size === expected.size && [...left].every((id) => expected.has(id));
    if (!isRight) wrong.push(`${shapeName}: ${left.size} messages are left of ${size}, not ${expected.size}`);
    await call('PurgeQueue', { QueueUrl: queueUrl });
    // SQS purges a queue once a minute.
    await clock.advance(60_000);
  }
  const closing = mapping.close();
  await clock.advance(60_000);
  await closing;
  return { batches, byShape, wrong };
}
