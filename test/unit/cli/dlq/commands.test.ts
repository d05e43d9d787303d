import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedCommand } from '../../../../cli/command.ts';
import { dlqExplain } from '../../../../cli/dlq/explain.ts';
import { dlqExport } from '../../../../cli/dlq/export.ts';
import { dlqLs } from '../../../../cli/dlq/ls.ts';
import { emptyTally } from '../../../../cli/dlq/plan.ts';
import { dlqPurge } from '../../../../cli/dlq/purge.ts';
import { dlqRedrive } from '../../../../cli/dlq/redrive.ts';
import { dlqShow } from '../../../../cli/dlq/show.ts';
import { addGlobalOptions } from '../../../../cli/global-options.ts';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget, type Target } from '../../../../cli/target/target.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import { createSqs } from '../../../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../../../local/clock.ts';
import { clientSettings } from '../../../support/client-settings.ts';

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
  for (const QueueName of ['sends', 'sends-dlq']) await sqs.service.operations.CreateQueue({ QueueName });
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

interface Planted {
  readonly code?: string;
  /** What the letter says of itself. */
  readonly said?: string;
}

async function plant(
  message: { id: string; businessId?: string },
  { code = 'connectly-400', said }: Planted = {},
): Promise<void> {
  const client = await target.aws.sqs();
  await client.send(
    new SendMessageCommand({
      QueueUrl: target.output('SendsDlqUrl'),
      MessageBody: JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', ...message }),
      MessageAttributes: {
        'relay.id': text(message.id),
        'error.code': text(code),
        ...(said !== undefined && { 'error.message': text(said) }),
      },
    }),
  );
}

/** What a command prints, in both ways, and how it ended: undefined when well. */
async function type<Result extends object>(command: LoadedCommand<Result>, ...typed: string[]) {
  const results: Result[] = [];
  const words: string[] = [];
  const said: string[] = [];
  const program = addGlobalOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr() {} });
  command.attach(program.command('typed'), () => ({
    projectRoot: '',
    env: {},
    cwd: '',
    globals: program.opts(),
    output: {
      result(data, inWords) {
        results.push(command.result.parse(data));
        words.push([inWords].flat().join('\n'));
      },
      print() {},
      say: (sentence) => void said.push([sentence].flat().join('\n')),
      complain() {},
      fail() {},
      style: (_, plain) => plain,
    },
    signal: interruption.signal,
    unread: new AbortController().signal,
    describe: () => Promise.resolve(program),
    target: () => Promise.resolve(target),
    confirm: async (question) => void words.push(question),
    readInput: () => Promise.resolve(Buffer.of()),
    readSecret: () => Promise.resolve(''),
    progress: () => Promise.resolve({ advance() {}, stop() {} }),
  }));
  const ended: unknown = await program.parseAsync(['typed', ...typed], { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { results, words: words.join('\n'), said, ended };
}

const escaped = (words: string) => words.replaceAll(/[.+]/g, String.raw`\$&`);

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

describe('the question of relay dlq purge', () => {
  it.each([
    [1, 'Delete this one for good? Nobody can bring it back.'],
    [2, 'Delete these 2 for good? Nobody can bring them back.'],
  ])('says how many go: %i', async (count, question) => {
    for (let n = 0; n < count; n += 1) await plant({ id: `order-${n}` });

    const { words } = await type(dlqPurge);

    expect(words).toContain(question);
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

  it.each([[[]], [['--limit', '5']]])(
    'sends nothing again that may have been sent while nobody has said which: %j',
    async (filter) => {
      const { results, ended } = await type(dlqRedrive, '--resend-unknown', '--yes', ...filter);

      expect(results).toEqual([]);
      expect(ended).toMatchObject({ exitCode: 2, message: expect.stringContaining('--id ID') });
    },
  );

  it.each<[string[], string]>([
    [['--yes'], '--yes --local'],
    [[], '--local'],
    [
      ['--code', 'connectly-400', 'x', '--newer-than', '90m', '--limit', '15', '--rate', '20000', '--yes'],
      '--code connectly-400 --code x --newer-than 90m --limit 5 --rate 20000 --yes --local',
    ],
    [
      ['--resend-unknown', '--to', '+15555555555', '--older-than', '0.5s', '--business', 'a b'],
      "--to +15555555555 --older-than 0.5s --business 'a b' --resend-unknown --local",
    ],
  ])('names what to type for the rest when it is interrupted: %j', async (typed, again) => {
    for (let n = 0; n < 25; n += 1) await plant({ id: `order-${n}` });
    await interruptAfter(typed.includes('--yes') ? 'DeleteMessageBatchCommand' : 'ReceiveMessageCommand');

    const { ended } = await type(dlqRedrive, ...typed);

    const message = expect.stringMatching(new RegExp(`To go on: npx relay dlq redrive ${escaped(again)}$`));
    expect(ended).toMatchObject({ exitCode: 130, message });
  });

  it('says where the digits of an id are that somebody has pasted without them', async () => {
    const message = expect.stringContaining('npx relay dlq ls --reveal');

    const ended = [
      (await type(dlqRedrive, '--id', 'order-1', 'welcome-4915•••4567-1')).ended,
      (await type(dlqShow, 'welcome-4915•••4567-1')).ended,
    ];

    expect(ended).toEqual(Array(2).fill(expect.objectContaining({ message })));
  });

  it('takes ids one by one, or all at once', async () => {
    for (let n = 0; n < 4; n += 1) await plant({ id: `order-${n}` });

    const { results } = await type(dlqRedrive, '--id', 'order-0', 'order-1', '--id', 'order-3');

    expect(results).toEqual([{ ...emptyTally(true), send: 3 }]);
  });
});

describe('A dead-letter queue of which nothing is in sight', () => {
  it.each([
    ['ls', dlqLs],
    ['explain', dlqExplain],
  ])('is not called empty while somebody else looks at it: %s', async (_, command) => {
    const before = await type<object>(command);
    await plant({ id: 'order-1' });
    await plant({ id: 'order-2' });
    const client = await target.aws.sqs();
    const QueueUrl = target.output('SendsDlqUrl');
    await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));

    const { said, results } = await type<object>(command);

    expect(before.said.join()).toMatch(/no .*dead letter/i);
    expect(results).toEqual([]);
    expect(said).toEqual([expect.stringMatching(/^None is in sight, and 2 are out of sight: /)]);
  });
});

describe('relay dlq ls', () => {
  it('shows the oldest when it is not to show all, and says of how many', async () => {
    for (let n = 0; n < 25; n += 1) await plant({ id: `order-${n}` });

    const before = await type(dlqLs, '--limit', '5', '--json');
    const again = await type(dlqLs, '--limit', '5', '--json');
    const { said } = await type(dlqLs, '--limit', '5');

    expect(before.results.map(({ id }) => id)).toEqual(Array.from({ length: 5 }, (_, n) => `order-${n}`));
    expect(again.results.map(({ id }) => id)).toEqual(before.results.map(({ id }) => id));
    expect(said.join()).toContain('5 of 25 are shown.');
  });
});

describe('relay dlq show', () => {
  it('shows ten letters with one id, and where the others are', async () => {
    for (let n = 0; n < 12; n += 1) await plant({ id: 'undefined' });

    const { results, said } = await type(dlqShow, 'undefined');

    expect(results).toHaveLength(10);
    expect(said.join()).toContain('npx relay dlq ls --id ID');
  });
});

describe('relay dlq export', () => {
  it('looks no further than it was asked to, and says how many it left out', async () => {
    for (let n = 0; n < 25; n += 1) await plant({ id: `order-${n}` });

    const { results, said } = await type(dlqExport, '--limit', '5');

    expect(results).toHaveLength(5);
    expect(said).toEqual([
      'About 15 more have not been looked at.',
      '5 exported; they are still on the queue.',
    ]);
  });
});

describe('relay dlq explain', () => {
  it('counts each code, what has expired of it and since when it is there', async () => {
    for (let n = 0; n < 12; n += 1) await plant({ id: `order-${n}` }, { code: 'expired' });
    for (let n = 0; n < 15; n += 1) await plant({ id: `other-${n}` });

    const { results } = await type(dlqExplain);

    expect(results.map(({ code, count, expired }) => [code, count, expired])).toEqual([
      ['connectly-400', 15, 0],
      ['expired', 12, 0],
    ]);
    expect(Date.now() - Date.parse(results[1]?.oldest ?? '')).toBeLessThan(60_000);
  });

  it('says of a code that nobody has explained what its newest letter says', async () => {
    await plant({ id: 'order-1' }, { code: 'ERROR_CODE_NEW', said: 'Said before.' });
    await plant({ id: 'order-2' }, { code: 'ERROR_CODE_NEW', said: 'Said last.' });
    await plant({ id: 'order-3' }, { code: 'expired', said: 'Known.' });

    const { results, words } = await type(dlqExplain);

    expect(results).toMatchObject([{ code: 'ERROR_CODE_NEW', message: 'Said last.' }, { code: 'expired' }]);
    expect(results[1]).not.toHaveProperty('message');
    expect(words).toContain('  Said      Said last.');
  });
});
