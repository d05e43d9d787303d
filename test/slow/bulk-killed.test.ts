import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bulk } from '../../cli/bulk/bulk.ts';
import { type AwsProxy, startAwsProxy } from '../proofs/kill/aws-proxy.ts';
import { clientSettings } from '../support/client-settings.ts';
import { type Journey, startJourney } from '../support/journey.ts';
import type { RunningRelay } from '../support/relay-command.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

const rows = 120;
const batches = rows / 10;

let journey: Journey;
let proxy: AwsProxy;
let queues: SQSClient;

/** Decides about a call of the command line to SQS, by its number: whether the process is killed there. */
interface Moment {
  /** Before SQS gets the so-manieth batch. */
  readonly beforeBatch?: number;
  /** When SQS has taken it, and before the answer. */
  readonly afterBatch?: number;
}

beforeAll(async () => {
  journey = await startJourney();
  proxy = await startAwsProxy();
  queues = new SQSClient(clientSettings(journey.state.awsUrl, 'us-east-1'));
  const { project } = journey;
  const state: unknown = JSON.parse(await project.read('.relay/local.json'));
  const awsUrl = `http://127.0.0.1:${proxy.port}`;
  await project.write('.relay/local.json', JSON.stringify({ ...Object(state), awsUrl }));
}, patienceMs);

afterAll(async () => {
  queues.destroy();
  await proxy.close();
  await journey.end();
});

const isBatch = (operation: string) => operation === 'SendMessageBatch';

/** Runs the command, and kills it with SIGKILL at a moment. Resolves to how many batches SQS took from it. */
async function runAndKill(command: readonly string[], moment: Moment): Promise<number> {
  let running: RunningRelay | undefined;
  let begun = 0;
  let taken = 0;
  const passes = (at: number | undefined, now: number) => {
    if (at === undefined || now < at) return true;
    running?.signal('SIGKILL');
    return false;
  };
  proxy.connect({
    awsUrl: journey.state.awsUrl,
    gates: {
      async before({ operation }) {
        if (!isBatch(operation)) return true;
        begun += 1;
        return passes(moment.beforeBatch, begun);
      },
      async after({ operation }) {
        if (!isBatch(operation)) return true;
        taken += 1;
        return passes(moment.afterBatch, taken);
      },
    },
  });
  running = journey.start(...command);
  const { exitCode } = await running.ended;
  if (Object.keys(moment).length > 0) expect(exitCode).toBeNull();
  return taken;
}

const stateSchema = z.object({ accepted: z.object({ byRecipient: z.record(z.string(), z.int()) }) });

/** Resolves once nothing is on its way any more. */
async function untilAllIsSent(): Promise<void> {
  await eventually('an empty sends queue', async () => {
    const { Attributes: counts } = await queues.send(
      new GetQueueAttributesCommand({
        QueueUrl: journey.state.outputs['SendsQueueUrl'],
        AttributeNames: ['All'],
      }),
    );
    return (
      Number(counts?.ApproximateNumberOfMessages) +
        Number(counts?.ApproximateNumberOfMessagesNotVisible) +
        Number(counts?.ApproximateNumberOfMessagesDelayed) ===
      0
    );
  });
}

/** How often Connectly accepted a message for each recipient, once nothing is on its way any more. */
async function acceptedFor(recipients: readonly string[]): Promise<number[]> {
  await untilAllIsSent();
  const { byRecipient } = stateSchema.parse(await journey.fake('state?newest=0')).accepted;
  return recipients.map((recipient) => byRecipient[recipient] ?? 0);
}

/** Writes a file of rows for recipients that no other test has. */
async function writeRows(series: number): Promise<{ file: string; recipients: string[] }> {
  const recipients = Array.from({ length: rows }, (_, index) => `+163155${series}${1000 + index}`);
  const name = `customers-${series}.csv`;
  await journey.project.write(name, `to,body_1\n${recipients.map((to) => `${to},Ana\n`).join('')}`);
  return { file: journey.project.path(name), recipients };
}

describe('relay bulk, killed in mid-work', { timeout: 3 * patienceMs }, () => {
  it.each<[string, readonly Moment[]]>([
    ['before SQS gets the first batch', [{ beforeBatch: 1 }]],
    ['when SQS has the first batch, and before it says so', [{ afterBatch: 1 }]],
    ['before SQS gets a batch in the middle', [{ beforeBatch: 9 }]],
    ['when SQS has a batch in the middle, and before it says so', [{ afterBatch: 10 }]],
    ['when SQS has the last batch, and before it says so', [{ afterBatch: batches }]],
    ['and again while it goes on', [{ afterBatch: 5 }, { beforeBatch: 4 }, { afterBatch: 6 }]],
  ])('loses no row and sends none twice: %s', async (title, moments) => {
    const { file, recipients } = await writeRows(100 + title.length);
    const command = ['bulk', file, '--template', 'order_ready', '--language', 'en', '--json'];
    let taken = 0;

    for (const [index, moment] of moments.entries()) {
      taken += await runAndKill(index === 0 ? command : [...command, '--resume'], moment);
      // A copy that meets the first one at work waits for as long as its lease, which is too long for a test.
      await untilAllIsSent();
    }
    taken += await runAndKill([...command, '--resume'], {});
    const again = await journey.relay(...command, '--resume');

    const result = bulk.result.parse(JSON.parse(again.stdout));
    expect(again.exitCode).toBe(0);
    expect(result).toMatchObject({ rows, queued: 0, queuedBefore: rows, left: 0 });
    expect(await acceptedFor(recipients)).toEqual(recipients.map(() => 1));
    // What the killed process never heard of was queued a second time: it is the sender that sent it once.
    const unheard = moments.some(({ afterBatch }) => afterBatch !== undefined);
    expect(taken).toBeGreaterThanOrEqual(unheard ? batches + 1 : batches);
  });

  it('goes on after the last whole line of a ledger that broke off in the middle of one', async () => {
    const { file, recipients } = await writeRows(999);
    const ledger = 'customers-999.csv.ledger';
    const command = ['bulk', file, '--template', 'order_ready', '--language', 'en', '--json'];

    await runAndKill(command, { beforeBatch: 11 });
    await untilAllIsSent();
    const text = await journey.project.read(ledger);
    await journey.project.write(ledger, text.slice(0, -20));
    await runAndKill([...command, '--resume'], {});
    const again = await journey.relay(...command, '--resume');

    expect(bulk.result.parse(JSON.parse(again.stdout))).toMatchObject({ queuedBefore: rows, left: 0 });
    expect(await acceptedFor(recipients)).toEqual(recipients.map(() => 1));
  });
});
