import { createServer, type Server } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { dynamoLedger } from '../../../lib/aws/ledger-table.ts';
import type { LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import { clientSettings } from '../../support/client-settings.ts';
import { listen } from '../../support/listen.ts';

const entry: LedgerEntry = {
  state: 'SENDING',
  content: 'content-1',
  attemptId: 'attempt-1',
  leaseUntil: 1_767_225_600_123,
  forgetAt: 1_769_817_600_000,
};
const item = {
  pk: { S: 'key' },
  state: { S: 'SENDING' },
  content: { S: 'content-1' },
  attempt: { S: 'attempt-1' },
  leaseUntil: { N: '1767225600123' },
  forgetAt: { N: '1769817600' },
  revision: { N: '1' },
};
const conditionFailed = (old?: object) => ({
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
    ...(old && { Item: old }),
  },
});

/** `silence`: the request is read and never answered. `hang up`: its connection is cut. */
type Answer = { readonly status: number; readonly body: object } | 'silence' | 'hang up';

interface Call {
  readonly operation: string;
  readonly input: unknown;
}

const open: { server: Server; client: DynamoDBClient }[] = [];
afterEach(() => {
  for (const { server, client } of open.splice(0)) {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
});

/** A ledger on a table that gives these answers, one after another, and says nothing after the last. */
async function ledgerThatHears(answers: readonly Answer[], { maxAttempts = 3 } = {}) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    request.on('end', () => {
      const answer = answers[calls.length] ?? 'silence';
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      calls.push({ operation, input: JSON.parse(text) });
      if (answer === 'hang up') request.socket.destroy();
      if (typeof answer === 'string') return;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer.body));
    });
  });
  const settings = clientSettings(`http://127.0.0.1:${await listen(server)}`, 'eu-west-1');
  const client = new DynamoDBClient({ ...settings, maxAttempts });
  open.push({ server, client });
  return { calls, ledger: dynamoLedger(client, 'relay-ledger') };
}

const done: Answer = { status: 200, body: {} };

describe('the requests of the ledger', () => {
  it('insert with the condition that the key is new, and the time to live in whole seconds', async () => {
    const { calls, ledger } = await ledgerThatHears([done]);

    await ledger.insert('key', { ...entry, forgetAt: entry.forgetAt - 1 });

    expect(calls).toEqual([
      {
        operation: 'PutItem',
        input: {
          TableName: 'relay-ledger',
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it('replace with the condition that nobody has written since, and count the revision on', async () => {
    const { calls, ledger } = await ledgerThatHears([done]);

    const written = await ledger.replace('key', 1, { ...entry, state: 'SENT', vendorId: 'vendor-1' });

    expect(written).toEqual({
      ok: true,
      stored: { entry: { ...entry, state: 'SENT', vendorId: 'vendor-1' }, revision: 2 },
    });
    expect(calls[0]?.input).toMatchObject({
      Item: { ...item, state: { S: 'SENT' }, vendorId: { S: 'vendor-1' }, revision: { N: '2' } },
      ConditionExpression: 'revision = :expected',
      ExpressionAttributeValues: { ':expected': { N: '1' } },
    });
  });

  it('keep what makes an entry doubtful', async () => {
    const { calls, ledger } = await ledgerThatHears([done]);

    await ledger.insert('key', { ...entry, state: 'RETRY', doubt: 'released' });

    expect(calls[0]?.input).toMatchObject({ Item: { state: { S: 'RETRY' }, doubt: { S: 'released' } } });
  });

  it('read the newest write, not what an older copy of the table knows', async () => {
    const { calls, ledger } = await ledgerThatHears([{ status: 200, body: { Item: item } }]);

    const stored = await ledger.read('key');

    expect(stored).toEqual({ entry, revision: 1 });
    expect(calls[0]).toEqual({
      operation: 'GetItem',
      input: { TableName: 'relay-ledger', Key: { pk: { S: 'key' } }, ConsistentRead: true },
    });
  });
});

describe('a write that is refused', () => {
  const other = { ...item, attempt: { S: 'attempt-2' }, revision: { N: '4' } };

  it('sees what is there in the answer itself', async () => {
    const { calls, ledger } = await ledgerThatHears([conditionFailed(other)]);

    const written = await ledger.insert('key', entry);

    expect(written).toEqual({
      ok: false,
      current: { entry: { ...entry, attemptId: 'attempt-2' }, revision: 4 },
    });
    expect(calls).toHaveLength(1);
  });

  it('reads what is there when the answer leaves it out', async () => {
    const { calls, ledger } = await ledgerThatHears([
      conditionFailed(),
      { status: 200, body: { Item: other } },
    ]);

    const written = await ledger.insert('key', entry);

    expect(written).toMatchObject({ ok: false, current: { revision: 4 } });
    expect(calls.map(({ operation }) => operation)).toEqual(['PutItem', 'GetItem']);
  });

  it('sees that there is nothing any more when the entry has been forgotten meanwhile', async () => {
    const { ledger } = await ledgerThatHears([conditionFailed(), done]);

    const written = await ledger.insert('key', entry);

    expect(written).toEqual({ ok: false, current: undefined });
  });

  it('was not refused when it meets itself: its first answer was lost, and the SDK repeated it', async () => {
    const { calls, ledger } = await ledgerThatHears(['hang up', conditionFailed(item)]);

    const written = await ledger.insert('key', entry);

    expect(written).toEqual({ ok: true, stored: { entry, revision: 1 } });
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['another state', { state: { S: 'UNKNOWN' } }],
    ['another lease', { leaseUntil: { N: '1767225600124' } }],
    ['another attempt', { attempt: { S: 'attempt-2' } }],
    ['another revision', { revision: { N: '2' } }],
    ['a vendor id', { vendorId: { S: 'vendor-1' } }],
    ['a doubt', { doubt: { S: 'repeated' } }],
  ])('is refused when what it meets has %s', async (_, change) => {
    const { ledger } = await ledgerThatHears([conditionFailed({ ...item, ...change })]);

    const written = await ledger.insert('key', entry);

    expect(written.ok).toBe(false);
  });
});

describe('a table that does not do its work', () => {
  it('that is throttled once is asked again', async () => {
    const throttled = { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: '' };
    const { calls, ledger } = await ledgerThatHears([{ status: 400, body: throttled }, done]);

    const written = await ledger.insert('key', entry);

    expect(written.ok).toBe(true);
    expect(calls).toHaveLength(2);
  });

  it.each(['read', 'insert', 'replace'] as const)(
    'that stays silent ends a %s when its time is over',
    async (name) => {
      const { ledger } = await ledgerThatHears([]);
      const signal = AbortSignal.timeout(50);
      const calls = {
        read: () => ledger.read('key', signal),
        insert: () => ledger.insert('key', entry, signal),
        replace: () => ledger.replace('key', 1, entry, signal),
      };

      const call = calls[name]();

      await expect(call).rejects.toMatchObject({
        code: 'ledger-unavailable',
        cause: expect.objectContaining({ name: 'AbortError' }),
      });
    },
  );

  it('that stays silent after a refused write ends the read, too', async () => {
    const { calls, ledger } = await ledgerThatHears([conditionFailed()]);

    const call = ledger.insert('key', entry, AbortSignal.timeout(200));

    await expect(call).rejects.toMatchObject({ code: 'ledger-unavailable' });
    expect(calls.map(({ operation }) => operation)).toEqual(['PutItem', 'GetItem']);
  });

  it('that refuses a write for another reason than its condition is unavailable, whatever it holds', async () => {
    const denied = { __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException', message: 'no' };
    const { ledger } = await ledgerThatHears([
      { status: 400, body: denied },
      { status: 200, body: { Item: item } },
    ]);

    const call = ledger.insert('key', entry);

    await expect(call).rejects.toMatchObject({
      code: 'ledger-unavailable',
      cause: expect.objectContaining({ name: 'AccessDeniedException' }),
    });
  });

  it('that is not there is unavailable, and the cause says why', async () => {
    const missing = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'gone' };
    const { ledger } = await ledgerThatHears([{ status: 400, body: missing }]);

    const call = ledger.read('key');

    await expect(call).rejects.toMatchObject({
      code: 'ledger-unavailable',
      cause: expect.objectContaining({ name: 'ResourceNotFoundException' }),
    });
  });

  it('that fails the read after a refused write is unavailable', async () => {
    const { ledger } = await ledgerThatHears([conditionFailed(), { status: 500, body: {} }], {
      maxAttempts: 1,
    });

    const call = ledger.insert('key', entry);

    await expect(call).rejects.toMatchObject({ code: 'ledger-unavailable' });
  });

  it.each([
    ['no state', { state: undefined }],
    ['a state of its own', { state: { S: 'SOLD' } }],
    ['no content', { content: undefined }],
    ['no attempt', { attempt: undefined }],
    ['a lease that is a text', { leaseUntil: { S: '1767225600123' } }],
    ['no time to live', { forgetAt: undefined }],
    ['a revision that is no whole number', { revision: { N: '1.5' } }],
  ])('holds an item with %s: that is no entry, and no message is sent on its account', async (_, change) => {
    const { ledger } = await ledgerThatHears([{ status: 200, body: { Item: { ...item, ...change } } }]);

    const call = ledger.read('key');

    await expect(call).rejects.toMatchObject({ code: 'ledger-invalid' });
  });
});
