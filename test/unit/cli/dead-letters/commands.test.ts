import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedCommand } from '../../../../cli/command.ts';
import { dlqPurge } from '../../../../cli/commands/dlq-purge.ts';
import { dlqRedrive } from '../../../../cli/commands/dlq-redrive.ts';
import { emptyTally } from '../../../../cli/dead-letters/tally.ts';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget, type Target } from '../../../../cli/target/target.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/endpoint.ts';
import { systemClock } from '../../../../local/clock.ts';
import { createSqs } from '../../../../local/sqs/sqs.ts';
import { clientSettings } from '../../../support/aws-endpoint.ts';

const region = 'eu-central-1';

let endpoint: AwsEndpoint;
let target: Target;
let interruption: AbortController;

beforeEach(async () => {
  const sqs = createSqs({
    clock: systemClock,
    region,
    accountId: '000000000000',
    baseUrl: () => endpoint.url,
  });
  endpoint = await startAwsEndpoint({ services: [sqs.service] });
  interruption = new AbortController();
  const run = sqs.service.operations['CreateQueue'];
  for (const QueueName of ['sends', 'sends-dlq']) await run?.({ QueueName }, { signal: interruption.signal });
  const urlOf = (name: string) => `${endpoint.url}/000000000000/${name}`;
  target = createTarget({
    kind: 'local',
    name: 'the local stack',
    options: '--local',
    stage: 'local',
    region,
    businessId: 'business-1',
    outputs: { SendsDlqUrl: urlOf('sends-dlq'), SendsQueueUrl: urlOf('sends'), LedgerTableName: 'ledger' },
    aws: createAwsClients({ ...clientSettings(endpoint.url, region) }),
  });
});

afterEach(async () => {
  target.close();
  await endpoint.close();
});

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

async function plant(message: { id: string; businessId?: string }): Promise<void> {
  const client = await target.aws.sqs();
  await client.send(
    new SendMessageCommand({
      QueueUrl: target.output('SendsDlqUrl'),
      MessageBody: JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', ...message }),
      MessageAttributes: { 'relay.id': text(message.id), 'error.code': text('connectly-400') },
    }),
  );
}

/** What a command prints, and how it ended: undefined when well. */
async function type<Result extends object>(command: LoadedCommand<Result>, ...words: string[]) {
  const results: Result[] = [];
  const program = new Command().exitOverride();
  command.attach(program, () => ({
    projectRoot: '',
    globals: {},
    output: {
      result: (data) => void results.push(command.result.parse(data)),
      print() {},
      say() {},
      fail() {},
      style: (_, plain) => plain,
    },
    signal: interruption.signal,
    unread: new AbortController().signal,
    target: () => Promise.resolve(target),
    confirm: () => Promise.resolve(),
    readSecret: () => Promise.resolve(''),
    progress: () => Promise.resolve({ advance() {}, stop() {} }),
  }));
  const ended: unknown = await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { results, ended };
}

/** Ctrl-C, right after the first request of a kind. */
async function interruptAfter(commandName: string): Promise<void> {
  const client = await target.aws.sqs();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context['commandName'] === commandName) interruption.abort(new Error('Ctrl-C'));
      return answer;
    },
    { step: 'initialize' },
  );
}

describe('relay dlq purge', () => {
  it('tells what is gone when it is interrupted, and ends with 130', async () => {
    for (let n = 0; n < 25; n += 1) await plant({ id: `order-${n}` });
    await interruptAfter('DeleteMessageBatchCommand');

    const { results, ended } = await type(dlqPurge);

    expect(results).toEqual([{ removed: { 'connectly-400': 10 }, kept: 15 }]);
    expect(ended).toMatchObject({ exitCode: 130, message: expect.stringContaining('10 are gone') });
  });
});

describe('relay dlq redrive', () => {
  it('leaves no letter out because another business has one with the same id', async () => {
    await plant({ id: 'order-1' });
    for (let n = 0; n < 12; n += 1) await plant({ id: `other-${n}` });
    await plant({ id: 'order-1', businessId: 'business-2' });

    const { results } = await type(dlqRedrive);

    expect(results).toEqual([{ ...emptyTally(true), send: 14 }]);
  });
});
