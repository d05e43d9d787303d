import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sqsHides } from '../../../lib/aws/hides.ts';
import { errorFields } from '../../../lib/logger.ts';
import { scripted } from '../../support/scripted-clients.ts';

interface Request {
  readonly ids: readonly (string | undefined)[];
  readonly handles: readonly (string | undefined)[];
  readonly seconds: readonly (number | undefined)[];
}

/** An SQS that writes requests down and hides all but the messages of `refused`. */
function scene(refused: readonly string[] = []) {
  const requests: Request[] = [];
  const client = scripted.sqs(async (command) => {
    if (!(command instanceof ChangeMessageVisibilityBatchCommand)) throw new TypeError('no such command');
    const { Entries: entries = [] } = command.input;
    requests.push({
      ids: entries.map(({ Id }) => Id),
      handles: entries.map(({ ReceiptHandle }) => ReceiptHandle),
      seconds: entries.map(({ VisibilityTimeout }) => VisibilityTimeout),
    });
    const hidden = entries.filter(({ ReceiptHandle = '' }) => !refused.includes(ReceiptHandle));
    const others = entries.filter((entry) => !hidden.includes(entry));
    return {
      Successful: hidden.map(({ Id }) => ({ Id })),
      Failed: others.map(({ Id }) => ({ Id, Code: 'ReceiptHandleIsInvalid' })),
    };
  });
  return { hide: sqsHides(client, 'http://q/sends'), requests };
}

/** Long enough for all that needs no timer. */
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

const handles = (count: number) => Array.from({ length: count }, (_, index) => `handle-${index}`);

describe('hides that are asked for together', () => {
  it('share requests of ten', async () => {
    const { hide, requests } = scene();

    await Promise.all(handles(25).map((handle, index) => hide(handle, index)));

    expect(requests.map(({ ids }) => ids.length)).toEqual([10, 10, 5]);
    expect(requests.flatMap((request) => request.handles)).toEqual(handles(25));
    expect(requests.flatMap(({ seconds }) => seconds)).toEqual([...handles(25).keys()]);
    expect(requests[1]?.ids).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('share them even when each is asked for after some steps of its own', async () => {
    const { hide, requests } = scene();
    const goBack = async (handle: string) => {
      await Promise.resolve();
      await Promise.resolve();
      await hide(handle, 1);
    };

    await Promise.all(handles(20).map(goBack));

    expect(requests.map(({ ids }) => ids.length)).toEqual([10, 10]);
  });

  it('fail alone', async () => {
    const { hide } = scene(['handle-1']);

    const ended = await Promise.allSettled(handles(3).map((handle) => hide(handle, 1)));

    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ended[1]).toMatchObject({ reason: { code: 'queue-unconfirmed' } });
  });

  it('never make more than 20 requests at once, and one more with each that ends', async () => {
    const answers: (() => void)[] = [];
    const deadlines = new Set<AbortSignal | undefined>();
    const hide = sqsHides(
      scripted.sqs(async (_command, options) => {
        deadlines.add(options?.abortSignal);
        await new Promise<void>((resolve) => answers.push(resolve));
        return { Successful: Array.from({ length: 10 }, (_, index) => ({ Id: String(index) })) };
      }),
      'http://q/sends',
    );
    const hidden = Promise.all(handles(250).map((handle) => hide(handle, 1)));
    await turnOfTheLoop();
    const atFirst = answers.length;

    for (const answer of answers.slice(0, 3)) answer();
    await turnOfTheLoop();
    const then = answers.length;
    // Those that are made meanwhile, too.
    for (const answer of answers) answer();
    await turnOfTheLoop();
    for (const answer of answers) answer();
    await hidden;
    const inAll = answers.length;
    const later = hide('handle-later', 1);
    await turnOfTheLoop();
    for (const answer of answers.slice(inAll)) answer();
    await later;

    expect([atFirst, then, inAll, answers.length]).toEqual([20, 23, 25, 26]);
    expect(deadlines.size).toBe(2);
  });

  it.each([
    ['ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid'],
    ['AWS.SimpleQueueService.MessageNotInflight', 'MessageNotInflight'],
    ['no name at all', undefined],
    [undefined, undefined],
  ])('tell the log the code that SQS gave: %s', async (Code, fault) => {
    const failed = { Id: '0', SenderFault: true, Code, Message: 'words of SQS' };
    const hide = sqsHides(
      scripted.sqs(async () => ({ Failed: [failed] })),
      'http://q/sends',
    );

    const [ended] = await Promise.allSettled([hide('handle-0', 1)]);

    const logged = ended.status === 'rejected' ? errorFields(ended.reason) : {};
    expect(logged).toMatchObject({ errorName: 'RelayError', code: 'queue-unconfirmed' });
    expect(logged['fault']).toBe(fault);
  });
});

it('Hides that are asked for one after the other have a request each', async () => {
  const { hide, requests } = scene();

  await hide('handle-0', 1);
  await hide('handle-1', 2);

  expect(requests.map((request) => request.handles)).toEqual([['handle-0'], ['handle-1']]);
});

it('An answer without a word hides nothing for sure', async () => {
  const hide = sqsHides(
    scripted.sqs(async () => ({})),
    'http://q/sends',
  );

  await expect(hide('handle-0', 1)).rejects.toMatchObject({ code: 'queue-unconfirmed' });
});

it('A request that fails fails for all who share it', async () => {
  const hide = sqsHides(
    scripted.sqs(() => Promise.reject(new Error('SQS is away.'))),
    'http://q/sends',
  );

  const ended = await Promise.allSettled(handles(2).map((handle) => hide(handle, 1)));

  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
