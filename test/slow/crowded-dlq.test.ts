import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedCommand } from '../../cli/command.ts';
import { dlqExplain } from '../../cli/dlq/explain.ts';
import { dlqExport } from '../../cli/dlq/export.ts';
import { dlqPurge } from '../../cli/dlq/purge.ts';
import { dlqRedrive } from '../../cli/dlq/redrive.ts';
import { dlqShow } from '../../cli/dlq/show.ts';
import { type AwsServices, startAwsServices } from '../../local/aws/services.ts';
import { systemClock } from '../../local/clock.ts';
import { writeState } from '../../local/stack/state-file.ts';
import { resultsIn } from '../support/journey.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { patienceMs } from '../support/waiting.ts';

// Each command runs in a process whose heap is smaller than what the letters weigh.

const letters = 5_000;
const heapMiB = 48;

/** One message of the kind with which a parser was once brought down. */
const unreadable = `{"type":"template","to":"+15555555555","templateName":"x","parameters":[${Array(80_000).fill(1).join()}]}`;
const unreadables = 10;

const value = () => randomBytes(500).toString('hex');

/** One of 12 KB. */
function readable(id: string): string {
  const parameters = Array.from({ length: 12 }, (_, n) => ({ name: `body_${n + 1}`, value: value() }));
  return JSON.stringify({ type: 'template', to: '+15555555555', templateName: 'x', parameters, id });
}

const total = letters + unreadables;

let aws: AwsServices;
let project: ProjectCopy;

beforeAll(async () => {
  project = await copyProject();
  aws = await startAwsServices({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    port: undefined,
  });
  const queueUrl = async (name: string) => {
    await aws.sqs.service.operations.CreateQueue({ QueueName: name });
    return `${aws.url}/000000000000/${name}`;
  };
  const dlq = await queueUrl('sends-dlq');
  await writeState(project.root, {
    pid: process.pid,
    region: 'us-east-1',
    accountId: '000000000000',
    stage: 'local',
    awsUrl: aws.url,
    token: aws.token,
    connectlyUrl: 'http://127.0.0.1:1',
    webhookUrl: 'http://127.0.0.1:1',
    businessId: 'business-1',
    outputs: { SendsDlqUrl: dlq, SendsQueueUrl: await queueUrl('sends'), LedgerTableName: 'ledger' },
  });
  for (let n = 0; n < total; n += 1) {
    const isReadable = n % (total / unreadables) !== 0;
    await plant(dlq, `order-${n}`, {
      code: isReadable ? 'connectly-400' : 'message-invalid',
      body: isReadable ? readable(`order-${n}`) : unreadable,
    });
  }
}, 10 * patienceMs);

afterAll(async () => {
  await aws.close();
  await project.remove();
});

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

async function plant(queueUrl: string, id: string, { code, body }: { code: string; body: string }) {
  const input = {
    QueueUrl: queueUrl,
    MessageBody: body,
    MessageAttributes: { 'relay.id': text(id), 'error.code': text(code) },
  };
  await aws.sqs.service.operations.SendMessage(input, { signal: new AbortController().signal });
}

const env = { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` };

function relay(...args: string[]) {
  return spawnRelay({ env }, project, ...args).ended;
}

async function resultsOf<Result extends object>(command: LoadedCommand<Result>, ...args: string[]) {
  const { exitCode, stdout, stderr } = await relay(...args, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return resultsIn(command, stdout);
}

const inFlight = () => aws.sqs.queues().find(({ name }) => name === 'sends-dlq')?.counts.inFlight;

describe(`${total} dead letters, ten of which cannot be read`, { timeout: 20 * patienceMs }, () => {
  it('are listed up to a thousand, and the rest is counted', async () => {
    const { exitCode, stdout, stderr } = await relay('dlq', 'ls');

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('1000 are shown.'),
    });
    expect(stderr).toMatch(/About \d+ more have not been looked at/);
    expect(stdout.trim().split('\n')).toHaveLength(1001);
    expect(inFlight()).toBe(0);
  });

  it('are explained, each of them', async () => {
    const groups = await resultsOf(dlqExplain, 'dlq', 'explain');

    expect(groups.map(({ code, count }) => [code, count])).toEqual([
      ['connectly-400', letters],
      ['message-invalid', unreadables],
    ]);
  });

  it('are exported, each once', async () => {
    const exported = await resultsOf(dlqExport, 'dlq', 'export');

    expect(new Set(exported.map(({ id }) => id)).size).toBe(total);
    expect(exported).toHaveLength(total);
  });

  it('are shown, wherever it is', async () => {
    const shown = await resultsOf(dlqShow, 'dlq', 'show', `order-${total - 1}`);

    expect(shown).toMatchObject([{ code: 'connectly-400' }]);
  });

  it('go back, ten of them, and the rest stays', async () => {
    const [tally] = await resultsOf(dlqRedrive, 'dlq', 'redrive', '--limit', '10', '--yes');

    expect(tally).toMatchObject({ send: 10 });
    expect(inFlight()).toBe(0);
  });

  it('are deleted', async () => {
    const [purged] = await resultsOf(dlqPurge, 'dlq', 'purge', '--yes');

    expect(purged).toEqual({
      removed: { 'connectly-400': letters - 10, 'message-invalid': unreadables },
      kept: 0,
    });
  });
});
