// Both sending functions behind their queues in virtual time. What became of a message is counted where it happens: at
// Connectly, on the queues and in the table; never taken from what the code says about itself.
import { randomUUID } from 'node:crypto';
import { startEventSourceMapping } from '../../../local/aws/lambda/event-source-mapping.ts';
import type { Invocation, Invoke } from '../../../local/aws/lambda/invocation.ts';
import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import { createRandom } from '../harness/random.ts';
import type { Shipped } from '../harness/shipped.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import { createQueueClient } from '../harness/simulated/queue-client.ts';
import { createSecretClient } from '../harness/simulated/secret-client.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { businessId, type Draft, draft, ledgerKey } from '../sends/producers.ts';
import { createVendor } from '../sends/vendor.ts';
import { type DamagedRecord, damaged, isBeyondReading, recordsOf } from './damage.ts';
import { watchQueues } from './queue-watch.ts';
import { failedIdsOf } from './response-schema.ts';
import { withTwins } from './twins.ts';

export interface HandlerReport {
  readonly batches: number;
  readonly messages: number;
  readonly records: number;
  readonly largestBatch: number;
  readonly deleted: number;
  /** Records that stood in a batch twice, or that were damaged on the way. */
  readonly twins: number;
  readonly damaged: number;
  readonly injected: Readonly<Record<string, number>>;
  readonly wronglyDeleted: readonly string[];
  readonly wrongResponses: readonly string[];
}

const functionTimeoutMs = 60_000;
const queueNames = ['sends', 'dlq', 'outcomes'] as const;
const sizes = [1, 1, 2, 5, 10, 10, 20];

/** Nobody but the relay writes reports, and this is none of its own. */
const brokenReport = '{"sendId":1';

/** Runs about so many batches through both handlers. */
export async function runHandlers(shipped: Shipped, batches: number, seed: number): Promise<HandlerReport> {
  const { sqs, clock, call, createQueue, view } = createSqsInProcess();
  return withVirtualDeadlines(clock, async (deadlines) => {
    const random = createRandom(seed, 3);
    const injected = new Injected();
    const table = new LedgerTable();
    const life = createLife({ clock, endsHere: () => false });
    const wrongResponses: string[] = [];
    const counts = { batches: 0, records: 0, largestBatch: 0, twins: 0, damaged: 0 };
    for (const name of queueNames) await createQueue(name, { VisibilityTimeout: '361' });
    const urls = new Map(queueNames.map((name) => [view(name).url, name]));

    const markById = new Map<string, string>();
    const keyByMark = new Map<string, string>();

    /** A status that names one of our sends must have been written down; of what is none, there is nothing to write. */
    function isWrittenDown(report: string): boolean {
      if (report === brokenReport) return true;
      const mark = markById.get(/"sendId":"([^"]*)"/.exec(report)?.[1] ?? '');
      return table.items.get(keyByMark.get(mark ?? '') ?? '')?.['state']?.S === 'SENT';
    }
    const watch = watchQueues({
      sqs: { sqs, call },
      nameOf: (url) => urls.get(url) ?? 'sends',
      isAccepted: (mark) => (vendor.byMark.get(mark)?.accepted ?? 0) > 0,
      isWrittenDown,
    });
    const { operations } = watch;
    const withSomeTwice = withTwins(operations, { random, share: 0.05, onTwin: () => (counts.twins += 1) });

    const vendor = createVendor({
      clock,
      random: uniform(seed, 5),
      injected,
      faultShare: 0.15,
      isLiveKey: () => true,
      onAccepted({ callbackData }) {
        const sendId = /"id":"([^"]*)"/.exec(JSON.stringify(callbackData ?? null))?.[1];
        if (sendId === undefined || random.chance(0.3)) return;
        const isBroken = random.chance(0.02);
        const StringValue = 'status';
        clock.after(random.int(600_000), () => {
          void call('SendMessage', {
            QueueUrl: view('outcomes').url,
            MessageBody: isBroken ? brokenReport : JSON.stringify({ sendId, businessId: businessOf(sendId) }),
            MessageAttributes: { 'relay.kind': { DataType: 'String', StringValue } },
          });
        });
      },
    });
    const businessOf = (id: string) =>
      elsewhere.has(markById.get(id) ?? '') ? 'another-business' : businessId;
    const elsewhere = new Set<string>();

    const clientRandom = uniform(seed, 4);
    const faulty = { life, deadlines, injected, random: clientRandom };
    const variables = {
      STAGE: 'sim',
      LOG_LEVEL: 'debug',
      SENDS_QUEUE_URL: view('sends').url,
      SENDS_DLQ_URL: view('dlq').url,
      OUTCOMES_QUEUE_URL: view('outcomes').url,
      LEDGER_TABLE: 'ledger',
      BUSINESS_ID: businessId,
      IF_UNCLEAR: random.pick(['hold', 'settle', 'resend']),
      // Short, so that parked sends are given up within the run, by environments that seldom live for a minute.
      OUTCOME_WAIT_SECONDS: '5',
      API_KEY_SECRET_ARN: 'api-key',
      CONNECTLY_BASE_URL: 'https://api.connectly.ai',
      SENDS_PER_SECOND: '1000',
      SENDER_CONCURRENCY: '2',
      SEND_WINDOW: '64',
    };
    const surroundings = {
      variables,
      clock,
      random: clientRandom,
      newId: randomUUID,
      write: () => {},
      sqs: createQueueClient({ ...faulty, operations, faultShare: 0.25 }),
      dynamoDb: createLedgerClient({ ...faulty, table, faultShare: 0.03, isOut: () => false }).client,
      secretsManager: createSecretClient({ ...faulty, valueOf: () => 'key', faultShare: 0.1 }),
      createHttpClient: ({ deadlineMs }: { deadlineMs: number }) => vendor.clientFor(life, deadlineMs),
    };

    /** A function of one environment, whose events may be damaged on the way to it. */
    function functionOf(name: 'send-message' | 'settle-send'): Invoke {
      let handler = shipped.start(name, surroundings);
      return async (event): Promise<Invocation> => {
        counts.batches += 1;
        const requestId = `invocation-${counts.batches}`;
        const records = recordsOf(event);
        counts.records += records.length;
        counts.largestBatch = Math.max(counts.largestBatch, records.length);
        const given = records.map((record) => damaged(record, random));
        counts.damaged += given.filter((record, index) => record !== records[index]).length;
        const startedAt = clock.now();
        const getRemainingTimeInMillis = () => startedAt + functionTimeoutMs - clock.now();
        const response = await handler(
          { Records: given },
          { awsRequestId: requestId, getRemainingTimeInMillis },
        );
        const problem = problemOf(response, records, given);
        if (problem !== undefined) wrongResponses.push(`${name}, ${records.length} records: ${problem}`);
        // Now and then a fresh one: nothing may depend on what an environment remembers.
        if (random.chance(0.05)) handler = shipped.start(name, surroundings);
        return { kind: 'success', payload: JSON.stringify(response), requestId, durationMs: 1 };
      };
    }
    const mappings = (
      [
        ['sends', 'send-message'],
        ['outcomes', 'settle-send'],
      ] as const
    ).map(([source, name]) =>
      startEventSourceMapping({
        operations: withSomeTwice,
        queueUrl: view(source).url,
        queueArn: view(source).arn,
        region: 'eu-central-1',
        batchSize: 1_000,
        maximumBatchingWindowSeconds: 1,
        maximumConcurrency: 2,
        reportBatchItemFailures: true,
        clock,
        invoke: functionOf(name),
      }),
    );

    let messages = 0;
    async function queue(one: Draft): Promise<void> {
      const { MessageId: messageId = '' } = await call('SendMessage', {
        QueueUrl: view('sends').url,
        MessageBody: one.body,
        MessageAttributes: one.attributes,
      });
      keyByMark.set(one.mark, ledgerKey(one.body, one.id ?? messageId));
      if (one.id !== undefined) markById.set(one.id, one.mark);
      if (one.body.includes('"another-business"')) elsewhere.add(one.mark);
    }
    const recent: Draft[] = [];
    while (counts.batches < batches) {
      const size = random.chance(0.002) ? 1_000 : random.pick(sizes);
      for (let index = 0; index < size; index += 1) {
        const again = random.chance(0.03) ? recent[random.int(recent.length)] : undefined;
        const made =
          again ??
          draft({
            index: messages,
            policy: random.pick(['hold', 'settle', 'resend'] as const),
            random: clientRandom,
            now: clock.now(),
          });
        if (again === undefined) messages += 1;
        if (made.id !== undefined) recent.push(made);
        if (recent.length > 100) recent.shift();
        await queue(made);
      }
      await clock.advance(1_500);
    }
    const closing = Promise.all(mappings.map((mapping) => mapping.close()));
    await clock.advance(120_000);
    await closing;
    return {
      ...counts,
      messages,
      injected: Object.fromEntries(injected.all()),
      deleted: watch.deleted,
      wronglyDeleted: watch.wronglyDeleted,
      wrongResponses,
    };
  });
}

function problemOf(
  response: unknown,
  records: readonly DamagedRecord[],
  given: readonly DamagedRecord[],
): string | undefined {
  const named = failedIdsOf(response);
  if (named === undefined) return 'the response is not one';
  const ids = new Set(records.map(({ messageId }) => messageId));
  if ([...named].some((id) => !ids.has(id))) return 'it names an id that is not in the batch';
  const omitted = given.filter(
    (record) => isBeyondReading(record) && !named.has(String(record['messageId'])),
  );
  return omitted.length > 0 ? `it omits ${omitted.length} records that nobody could handle` : undefined;
}
