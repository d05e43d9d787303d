import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  type MappingEvent,
  startEventSourceMapping,
} from '../../../../../local/aws/lambda/event-source-mapping.ts';
import type { Invocation, Invoke } from '../../../../../local/aws/lambda/invocation.ts';
import { createScriptedQueue, scriptedMessage } from '../../../../support/lambda-scripted-queue.ts';
import { createVirtualClock, type VirtualClock } from '../../../../support/virtual-clock.ts';

const queueUrl = 'http://127.0.0.1:1/123456789012/jobs';

let clock: VirtualClock;
let queue: ReturnType<typeof createScriptedQueue>;
let events: MappingEvent[];
let mapping: EventSourceMapping | undefined;
/** What the function was invoked with, and the way to let each invocation end. */
let invocations: {
  readonly names: string[];
  readonly event: unknown;
  end: (result: Invocation) => void;
  fail: () => void;
}[];
let endAtOnce: Invocation | undefined;

beforeEach(() => {
  clock = createVirtualClock();
  queue = createScriptedQueue(clock);
  events = [];
  invocations = [];
  endAtOnce = undefined;
});

afterEach(async () => {
  const closing = mapping?.close();
  mapping = undefined;
  for (const { end } of invocations) end(success('null'));
  await clock.advance(60_000);
  await closing;
});

const invoke: Invoke = (event) =>
  new Promise((resolve, reject) => {
    const records: unknown = Reflect.get(Object(event), 'Records');
    const names = (Array.isArray(records) ? records : []).map((record) =>
      String(Reflect.get(Object(record), 'messageId')).replace('id-', ''),
    );
    invocations.push({ names, event, end: resolve, fail: () => reject(new Error('the function is closed')) });
    if (endAtOnce !== undefined) resolve(endAtOnce);
  });

function success(payload: string): Invocation {
  return { kind: 'success', payload, requestId: 'r', durationMs: 1 };
}

function start(settings: Partial<EventSourceMappingOptions> = {}): EventSourceMapping {
  mapping = startEventSourceMapping({
    operations: queue.operations,
    queueUrl,
    queueArn: 'arn:aws:sqs:eu-west-1:123456789012:jobs',
    region: 'eu-west-1',
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
    clock,
    invoke,
    onEvent: (event) => events.push(event),
    ...settings,
  });
  return mapping;
}

function put(...names: string[]): void {
  queue.put(...names.map((name) => scriptedMessage(name)));
}

function numbered(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index));
}

const namesOfBatches = () => invocations.map(({ names }) => names);

describe('polling', () => {
  it('waits in long polls of 20 seconds for as long as the queue is empty', async () => {
    start();

    await clock.advance(60_000);

    expect(queue.callsOf('ReceiveMessage').map(({ at }) => at - Date.UTC(2026, 0, 1))).toEqual([
      0, 20_000, 40_000, 60_000,
    ]);
    expect(queue.calls[0]?.input).toEqual({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(invocations).toEqual([]);
  });

  it('hands over what one receive gave when there is no window', async () => {
    put(...numbered(12));

    start();
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([numbered(10), ['11', '12']]);
  });

  it('never receives more than a batch takes', async () => {
    put(...numbered(5));

    start({ batchSize: 3 });
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([
      ['1', '2', '3'],
      ['4', '5'],
    ]);
    expect(queue.calls[0]?.input['MaxNumberOfMessages']).toBe(3);
  });

  it('gathers for the window from the first message on', async () => {
    start({ batchSize: 100, maximumBatchingWindowSeconds: 2 });
    await clock.advance(7_500);
    put('a');
    await clock.advance(1_500);
    put('b', 'c');
    await clock.advance(499);
    const before = invocations.length;

    await clock.advance(1);

    expect(before).toBe(0);
    expect(namesOfBatches()).toEqual([['a', 'b', 'c']]);
  });

  it('does not wait for the end of the window when the batch is full', async () => {
    put(...numbered(30));

    start({ batchSize: 25, maximumBatchingWindowSeconds: 300 });
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([numbered(25)]);
    expect(queue.callsOf('ReceiveMessage').map(({ input }) => input['MaxNumberOfMessages'])).toEqual([
      10, 10, 5, 10, 10,
    ]);
  });

  it('hands over at most 6 MB, and the rest first thing in the next batch', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    queue.put(...numbered(7).map((name) => scriptedMessage(name, mebibyte)));

    start();
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([numbered(5), ['6', '7']]);
    expect(Buffer.byteLength(JSON.stringify(invocations[0]?.event))).toBeLessThanOrEqual(6 * 1024 * 1024);
  });

  it('keeps at most maximumConcurrency batches with the function, and receives nothing meanwhile', async () => {
    put(...numbered(4));

    const started = start({ batchSize: 1, maximumConcurrency: 2 });
    await clock.advance(100_000);
    const before = { batches: namesOfBatches(), receives: queue.callsOf('ReceiveMessage').length };
    invocations[0]?.end(success('null'));
    await clock.advance(0);

    expect(before).toEqual({ batches: [['1'], ['2']], receives: 2 });
    expect(started.inFlight).toBe(2);
    expect(namesOfBatches()).toEqual([['1'], ['2'], ['3']]);
  });

  it('goes on a second after the queue failed', async () => {
    queue.scripted['ReceiveMessage'] = [new Error('throttled'), { Messages: [{ Body: 'no id' }] }];
    put('a');

    start();
    await clock.advance(999);
    const early = queue.calls.length;
    await clock.advance(1_001);

    expect(early).toBe(1);
    expect(namesOfBatches()).toEqual([['a']]);
    expect(events).toEqual([
      { kind: 'queue-problem', operation: 'ReceiveMessage', problem: new Error('throttled') },
      {
        kind: 'queue-problem',
        operation: 'ReceiveMessage',
        problem: new TypeError('ReceiveMessage answered without a MessageId'),
      },
    ]);
  });
});

/** What every record of a scripted message has. */
function recordOf(name: string) {
  return {
    messageId: `id-${name}`,
    receiptHandle: `handle-${name}`,
    body: `body of ${name}`,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' },
    md5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:jobs',
    awsRegion: 'eu-west-1',
  };
}

describe('what a record lacks', () => {
  const attributes = {
    topic: { StringValue: 'messages', DataType: 'String' },
    blob: { BinaryValue: 'AAEC', DataType: 'Binary' },
  };
  const lists = { stringListValues: [], binaryListValues: [] };

  // Recorded from AWS by LocalStack (test_lambda_integration_sqs, 2025-11-25): with and without a window.
  it.each([
    ['is left out', 0, {}, {}, {}],
    ['is null', 1, { md5OfMessageAttributes: null }, { binaryValue: null }, { stringValue: null }],
  ])('%s with a batching window of %i s', async (_, window, ofRecord, ofText, ofBytes) => {
    queue.put(scriptedMessage('plain'), {
      ...scriptedMessage('own'),
      MD5OfMessageAttributes: 'bb',
      MessageAttributes: attributes,
    });

    start({ maximumBatchingWindowSeconds: window });
    await clock.advance(1_000);

    const event: unknown = JSON.parse(JSON.stringify(invocations[0]?.event));
    expect(event).toEqual({
      Records: [
        { ...recordOf('plain'), messageAttributes: {}, ...ofRecord },
        {
          ...recordOf('own'),
          md5OfMessageAttributes: 'bb',
          messageAttributes: {
            topic: { stringValue: 'messages', ...ofText, ...lists, dataType: 'String' },
            blob: { binaryValue: 'AAEC', ...ofBytes, ...lists, dataType: 'Binary' },
          },
        },
      ],
    });
  });
});

describe('what is deleted', () => {
  const names = ['a', 'b', 'c'];
  const all = ['handle-a', 'handle-b', 'handle-c'];
  const failure: Invocation = {
    kind: 'function-error',
    errorType: 'Error',
    errorMessage: 'no',
    trace: [],
    requestId: 'r',
    durationMs: 1,
  };
  const onlyB = success('{"batchItemFailures":[{"itemIdentifier":"id-b"}]}');

  it.each<[string, boolean, Invocation, string[]]>([
    ['null', true, success('null'), all],
    ['an empty list of failures', true, success('{"batchItemFailures":[]}'), all],
    ['one failure', true, onlyB, ['handle-a', 'handle-c']],
    ['an unknown id', true, success('{"batchItemFailures":[{"itemIdentifier":"x"}]}'), []],
    ['no JSON', true, success('oops'), []],
    ['one failure, unasked', false, onlyB, all],
    ['no JSON, unasked', false, success('oops'), all],
    ['an error', true, failure, []],
    ['an error, unasked', false, failure, []],
    [
      'a timeout',
      true,
      { kind: 'timeout', errorMessage: 'Task timed out', requestId: 'r', durationMs: 1 },
      [],
    ],
    [
      'an exit',
      true,
      { kind: 'exit', exitCode: 0, signal: null, errorMessage: 'exited', requestId: 'r', durationMs: 1 },
      [],
    ],
    ['an init error', true, { kind: 'init-error', errorType: 'E', errorMessage: 'no', trace: [] }, []],
  ])('after %s (partial responses: %s)', async (_, reportBatchItemFailures, result, deleted) => {
    endAtOnce = result;
    put(...names);

    start({ reportBatchItemFailures });
    await clock.advance(0);

    expect(queue.handlesOf('DeleteMessageBatch').flat()).toEqual(deleted);
    expect(queue.callsOf('ChangeMessageVisibilityBatch')).toEqual([]);
    expect(events).toEqual([
      {
        kind: 'batch',
        messageIds: ['id-a', 'id-b', 'id-c'],
        invocation: result.kind,
        failedMessageIds: ['id-a', 'id-b', 'id-c'].filter(
          (id) => !deleted.includes(id.replace('id', 'handle')),
        ),
        problem: deleted.length === 0 ? expect.stringMatching(/./) : undefined,
      },
    ]);
  });

  it('is nothing when the function cannot be invoked at all', async () => {
    put(...names);

    start();
    await clock.advance(0);
    invocations[0]?.fail();
    await clock.advance(0);

    expect(queue.callsOf('DeleteMessageBatch')).toEqual([]);
    expect(events).toMatchObject([{ kind: 'batch', problem: 'the function is closed' }]);
  });

  it('is asked for in tens', async () => {
    endAtOnce = success('null');
    put(...numbered(23));

    start({ batchSize: 23, maximumBatchingWindowSeconds: 1 });
    await clock.advance(0);

    expect(queue.handlesOf('DeleteMessageBatch').map((handles) => handles.length)).toEqual([10, 10, 3]);
  });

  it('is asked for again where SQS did not do it', async () => {
    endAtOnce = success('null');
    queue.scripted['DeleteMessageBatch'] = [
      {
        Successful: [{ Id: '0' }, { Id: '2' }],
        Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
      },
      new Error('connection lost'),
    ];
    put(...names);

    start();
    await clock.advance(5_000);

    expect(queue.handlesOf('DeleteMessageBatch')).toEqual([all, ['handle-b'], ['handle-b']]);
    expect(events.map(({ kind }) => kind)).toEqual(['queue-problem', 'queue-problem', 'batch']);
  });

  it('is given up after five attempts: the message comes again', async () => {
    endAtOnce = success('null');
    queue.scripted['DeleteMessageBatch'] = numbered(9).map(() => new Error('down'));
    put('a');

    start();
    await clock.advance(60_000);

    expect(queue.callsOf('DeleteMessageBatch')).toHaveLength(5);
  });
});

describe('pause and close', () => {
  it('hang up the running long poll, and resume polls again', async () => {
    const started = start();
    await clock.advance(5_000);

    started.pause();
    await clock.advance(100_000);
    const paused = { enabled: started.enabled, receives: queue.calls.length };
    put('a');
    started.resume();
    await clock.advance(0);

    expect(paused).toEqual({ enabled: false, receives: 1 });
    expect(started.enabled).toBe(true);
    expect(namesOfBatches()).toEqual([['a']]);
  });

  it('may come before the start', async () => {
    put('a');

    start({ enabled: false });
    await clock.advance(60_000);

    expect(queue.calls).toEqual([]);
  });

  it.each(['pause', 'close'] as const)(
    'give back what was gathered and not handed over (%s)',
    async (how) => {
      const started = start({ batchSize: 100, maximumBatchingWindowSeconds: 60 });
      put(...numbered(12));
      await clock.advance(1_000);

      void started[how]();
      await clock.advance(100_000);

      expect(invocations).toEqual([]);
      expect(queue.handlesOf('ChangeMessageVisibilityBatch').map((handles) => handles.length)).toEqual([
        10, 2,
      ]);
      expect(queue.callsOf('ChangeMessageVisibilityBatch')[1]?.input).toEqual({
        QueueUrl: queueUrl,
        Entries: [
          { Id: '0', ReceiptHandle: 'handle-11', VisibilityTimeout: 0 },
          { Id: '1', ReceiptHandle: 'handle-12', VisibilityTimeout: 0 },
        ],
      });
    },
  );

  it('give back what had no room in a batch', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    queue.put(...numbered(7).map((name) => scriptedMessage(name, mebibyte)));
    const started = start({ maximumConcurrency: 2, batchSize: 10, maximumBatchingWindowSeconds: 1 });
    await clock.advance(0);

    started.pause();
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([numbered(5)]);
    expect(queue.handlesOf('ChangeMessageVisibilityBatch')).toEqual([['handle-6', 'handle-7']]);
  });

  it('give back what had no room in a batch while all batches are with the function', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    queue.put(...numbered(12).map((name) => scriptedMessage(name, mebibyte)));
    const started = start({ maximumConcurrency: 2, batchSize: 10, maximumBatchingWindowSeconds: 1 });
    await clock.advance(60_000);

    started.pause();
    await clock.advance(0);

    expect(namesOfBatches()).toEqual([numbered(5), numbered(5, 6)]);
    expect(queue.handlesOf('ChangeMessageVisibilityBatch')).toEqual([['handle-11', 'handle-12']]);
  });

  it('tell when a pause has taken effect: not before everything has gone back', async () => {
    const started = start({ batchSize: 100, maximumBatchingWindowSeconds: 60 });
    put('a');
    await clock.advance(1_000);
    const givenBack: number[] = [];

    started.pause();
    void started.untilPaused().then(() => {
      givenBack.push(queue.callsOf('ChangeMessageVisibilityBatch').length);
    });
    await clock.advance(0);
    void started.untilPaused().then(() => givenBack.push(-1));
    await clock.advance(0);

    expect(givenBack).toEqual([1, -1]);
  });

  it('do not let anybody wait for a pause that was taken back', async () => {
    const started = start();
    await clock.advance(0);

    started.pause();
    const paused = started.untilPaused();
    started.resume();

    await expect(paused).resolves.toBeUndefined();
    await expect(started.untilPaused()).resolves.toBeUndefined();
  });

  it('waits, when closing, until the last batch is settled', async () => {
    put('a');
    const started = start();
    await clock.advance(0);
    let isClosed = false;

    void started.close().then(() => {
      isClosed = true;
    });
    await clock.advance(30_000);
    const before = isClosed;
    invocations[0]?.end(success('null'));
    await clock.advance(0);

    expect(before).toBe(false);
    expect(isClosed).toBe(true);
    expect(queue.handlesOf('DeleteMessageBatch')).toEqual([['handle-a']]);
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('settings', () => {
  it.each<[string, Partial<EventSourceMappingOptions>, RegExp]>([
    ['no batch size', { batchSize: 0 }, /batchSize is 0: Lambda takes 1 to 10000/],
    ['too large a batch', { batchSize: 10_001, maximumBatchingWindowSeconds: 1 }, /batchSize is 10001/],
    ['half a message', { batchSize: 1.5 }, /batchSize is 1.5/],
    ['a large batch without a window', { batchSize: 11 }, /above 10 needs a maximumBatchingWindowSeconds/],
    ['too long a window', { maximumBatchingWindowSeconds: 301 }, /Lambda takes 0 to 300/],
    ['a concurrency of one', { maximumConcurrency: 1 }, /Lambda takes 2 to 1000/],
    ['too much concurrency', { maximumConcurrency: 1_001 }, /Lambda takes 2 to 1000/],
    ['a service without an operation', { operations: {} }, /no ReceiveMessage/],
  ])('that Lambda or this mapping cannot take are refused: %s', (_, settings, message) => {
    expect(() => start(settings)).toThrow(message);
  });
});
