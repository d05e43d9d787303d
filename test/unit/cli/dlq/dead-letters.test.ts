import {
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { DeadLetter } from '../../../../cli/dlq/dead-letter.ts';
import { type BrowseOptions, browseDeadLetters } from '../../../../cli/dlq/dead-letters.ts';
import { isMeant, parseCount, parseRecipient } from '../../../../cli/dlq/filter.ts';
import { maskId } from '../../../../cli/dlq/letter-result.ts';
import { identityOf, planLetters, type RedrivePorts, redriveLetters } from '../../../../cli/dlq/redriving.ts';
import { tracesOf, tracesSchema } from '../../../../cli/dlq/traces.ts';
import { messageKey } from '../../../../lib/delivery/decode.ts';
import type { LedgerEntry } from '../../../../lib/delivery/ledger/entry.ts';
import { leaseMs } from '../../../../lib/delivery/time.ts';
import { RelayError } from '../../../../lib/errors.ts';
import { maximumMessageBytes } from '../../../../lib/message/parse.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import type { AwsService } from '../../../../local/aws/protocols/service.ts';
import { createSqs, type MessageView, type Sqs } from '../../../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../../../local/clock.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { clientSettings } from '../../../support/client-settings.ts';
import { createMemoryLedger, type MemoryLedger } from '../../../support/memory-ledger.ts';
import { largestMessageIn } from '../../../support/queue-sizes.ts';

const businessId = 'business-1';
const region = 'eu-central-1';
const inAnHour = () => Date.now() + 3_600_000;

let endpoint: AwsEndpoint;
let sqs: Sqs;
let client: SQSClient;
let ledger: MemoryLedger;
let ports: RedrivePorts;

beforeEach(async () => {
  sqs = createSqs({ clock: systemClock, region, accountId: '000000000000', baseUrl: () => endpoint.url });
  endpoint = await startAwsEndpoint({ services: [sqs.service] });
  client = new SQSClient(clientSettings(endpoint.url, region));
  ledger = createMemoryLedger();
  const urlOf = async (name: string, id: string) => {
    const attributes = { MaximumMessageSize: String(largestMessageIn(id)) };
    await sqs.service.operations.CreateQueue({ QueueName: name, Attributes: attributes });
    return `${endpoint.url}/000000000000/${name}`;
  };
  ports = {
    client,
    sendsQueueUrl: await urlOf('sends', 'SendsQueue'),
    deadLetterQueueUrl: await urlOf('sends-dlq', 'SendsDlq'),
    ledger,
    now: Date.now,
  };
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const text = (value: string) => ({ DataType: 'String', StringValue: value });

interface Planted {
  readonly id?: string;
  readonly code?: string;
  readonly expiresAt?: number;
  readonly body?: string;
  readonly attributes?: Record<string, { DataType: string; StringValue: string }>;
}

async function plant({ id, code, expiresAt, body, attributes = {} }: Planted): Promise<void> {
  const command = new SendMessageCommand({
    QueueUrl: ports.deadLetterQueueUrl,
    MessageBody: body ?? JSON.stringify({ type: 'text', to: '+15555555555', text: 'hello!', id }),
    MessageAttributes: {
      ...attributes,
      ...(id !== undefined && { 'relay.id': text(id) }),
      ...(code !== undefined && { 'error.code': text(code) }),
      ...(expiresAt !== undefined && { 'relay.expiresAt': text(new Date(expiresAt).toISOString()) }),
    },
  });
  await client.send(command);
}

const browsing = (options: Partial<BrowseOptions> = {}): BrowseOptions => ({
  client,
  queueUrl: ports.deadLetterQueueUrl,
  businessId,
  waitSeconds: 0,
  signal: new AbortController().signal,
  ...options,
});

async function look(options: Partial<BrowseOptions> = {}): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  await browseDeadLetters(browsing(options), async (page) => {
    found.push(...page);
    return 'more';
  });
  return found;
}

/** Plans and redrives everything that is there. */
async function redriveAll({ resendUnknown = false } = {}): Promise<string[]> {
  const did: string[] = [];
  await browseDeadLetters(browsing(), async (page, removed) => {
    const planned = await planLetters(page, ports, resendUnknown);
    for (const letter of await redriveLetters(planned, ports)) removed(letter);
    did.push(...planned.map(({ letter, plan }) => `${letter.originalId}: ${plan}`));
    return 'more';
  });
  return did.toSorted();
}

function queued(name: string) {
  return (
    sqs
      .queues()
      .find((queue) => queue.name === name)
      ?.peek(Infinity) ?? []
  );
}

function attributesOf(message: MessageView | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    message?.attributes.map(({ name, value }) => [name, 'text' in value ? value.text : undefined]) ?? [],
  );
}

const entry = (state: LedgerEntry['state']): LedgerEntry => ({
  state,
  content: 'c',
  attemptId: 'a',
  leaseUntil: 0,
  forgetAt: inAnHour(),
});
const keyOf = (id: string) => messageKey({ businessId, id });

describe('browsing', () => {
  it('sees each of many letters once, and gives all of them back', async () => {
    for (let n = 0; n < 25; n += 1) await plant({ id: `order-${n}`, code: 'expired' });

    const first = await look();
    const second = await look();

    expect(new Set(first.map(({ originalId }) => originalId)).size).toBe(25);
    expect(first).toHaveLength(25);
    expect(second).toHaveLength(25);
  });

  it('gives them back when whoever looks fails, or is interrupted', async () => {
    await plant({ id: 'order-1', code: 'expired' });
    const interruption = new AbortController();
    const options = browsing({ signal: interruption.signal });

    const failing = browseDeadLetters(options, () => Promise.reject(new Error('Broken.')));
    await expect(failing).rejects.toThrow('Broken.');
    const interrupted = browseDeadLetters(options, async () => {
      interruption.abort(new Error('Ctrl-C'));
      return 'more';
    });
    await expect(interrupted).rejects.toThrow('Ctrl-C');

    expect(await look()).toHaveLength(1);
  });

  it('gives back what SQS had handed out when Ctrl-C came, and whose answer was still on its way', async () => {
    await plant({ id: 'order-1', code: 'expired' });
    const interruption = new AbortController();
    const interrupting: AwsService = {
      ...sqs.service,
      operations: {
        ...sqs.service.operations,
        async ReceiveMessage(input, context) {
          const answer = await sqs.service.operations.ReceiveMessage(input, context);
          interruption.abort(new Error('Ctrl-C'));
          // The answer has a way to go: Ctrl-C is there first.
          await new Promise(setImmediate);
          return answer;
        },
      },
    };
    const settings = await serveForTest({ services: [interrupting] });
    const interrupted = new SQSClient({ ...settings, region, useQueueUrlAsEndpoint: false });
    onTestFinished(() => interrupted.destroy());

    const options = browsing({ client: interrupted, signal: interruption.signal });
    const looking = browseDeadLetters(options, async () => 'more');

    await expect(looking).rejects.toThrow('Ctrl-C');
    expect(await look()).toHaveLength(1);
  });

  it.each([
    ['{"type":"text","id":"py-1-bad","txt":"hello!"}', 'py-1-bad'],
    ['{"type":"text","id":42}', '42'],
    ['{"type":"text","id":{}}', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['no JSON', undefined],
    ['['.repeat(100_000), undefined],
  ])(
    'knows the id in a body that may be anything, and leaves the key as it is (%#)',
    async (body, bodyId) => {
      await plant({ body, code: 'message-invalid', attributes: { 'relay.id': text('sqs-1') } });

      const [letter] = await look();

      expect(letter).toMatchObject({ bodyId, originalId: 'sqs-1' });
    },
  );

  it('stops when it has seen enough', async () => {
    for (let n = 0; n < 15; n += 1) await plant({ id: `order-${n}`, code: 'expired' });

    const seen = await browseDeadLetters(browsing(), async () => 'enough');

    expect(seen).toBeLessThanOrEqual(10);
  });

  it('tells what SQS itself has given up on from what the relay has refused', async () => {
    await plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}' });

    const [letter] = await look();

    expect(letter).toMatchObject({ code: 'received-too-often', message: undefined });
    expect(letter?.originalId).toBe(letter?.messageId);
    expect(letter?.expiresAt).toBe((letter?.queuedAt ?? 0) + 4 * 3_600_000);
  });

  it('shows a message that names no business of a stage that names none, too', async () => {
    await plant({ id: 'order-1', code: 'business-missing' });

    const found = await look({ businessId: undefined });

    expect(found[0]?.send).toEqual({ to: '+15555555555', type: 'text', key: undefined });
  });
});

describe('a redrive', () => {
  it('puts a letter back with its body, its key, its expiry, its reason and what the producer attached', async () => {
    const expiresAt = inAnHour();
    const attributes = { trace: text('t-1') };
    await plant({ id: 'order-1', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS', expiresAt, attributes });

    const did = await redriveAll();

    const [message] = queued('sends');
    expect(did).toEqual(['order-1: send']);
    expect(queued('sends-dlq')).toEqual([]);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: 'order-1' });
    expect(attributesOf(message)).toEqual({
      'relay.id': 'order-1',
      'relay.expiresAt': new Date(expiresAt).toISOString(),
      'error.code': 'ERROR_CODE_BUSINESS_REACHED_LIMITS',
      trace: 't-1',
    });
  });

  it('gives a letter of SQS the key that its first copy had', async () => {
    await plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}' });
    const [letter] = await look();

    await redriveAll();

    expect(attributesOf(queued('sends')[0])['relay.id']).toBe(letter?.messageId);
  });

  it('leaves what has expired, and what would be refused again', async () => {
    await plant({ id: 'late', code: 'connectly-400', expiresAt: Date.now() - 1 });
    await plant({ id: 'bad', code: 'message-invalid', body: '{"type":"text"}', expiresAt: inAnHour() });

    const did = await redriveAll();

    expect(did).toEqual(['bad: invalid', 'late: expired']);
    expect(queued('sends')).toEqual([]);
    expect(queued('sends-dlq')).toHaveLength(2);
  });

  it.each(['UNKNOWN', 'SENDING', 'RETRY'] as const)(
    'leaves an unknown one whose entry is %s, unless it is named so',
    async (state) => {
      await plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour() });
      await ledger.insert(keyOf('order-1'), entry(state));

      const without = await redriveAll();
      const named = await redriveAll({ resendUnknown: true });

      expect(without).toEqual(['order-1: unknown']);
      expect(named).toEqual(['order-1: resend']);
      expect((await ledger.read(keyOf('order-1')))?.entry.state).toBe('RETRY');
      expect(queued('sends')).toHaveLength(1);
    },
  );

  it('has the decision written down before the copy is there', async () => {
    await plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour() });
    await ledger.insert(keyOf('order-1'), entry('UNKNOWN'));
    const broken: RedrivePorts = { ...ports, sendsQueueUrl: `${endpoint.url}/000000000000/gone` };
    const planned = await planLetters(await look(), ports, true);

    await expect(redriveLetters(planned, broken)).rejects.toThrow();

    expect((await ledger.read(keyOf('order-1')))?.entry.state).toBe('RETRY');
    expect(queued('sends-dlq')).toHaveLength(1);
  });

  it('removes an unknown one that a delivery status has settled since, even when it has expired', async () => {
    await plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: Date.now() - 1 });
    await ledger.insert(keyOf('order-1'), entry('SENT'));

    const did = await redriveAll({ resendUnknown: true });

    expect(did).toEqual(['order-1: settled']);
    expect(queued('sends')).toEqual([]);
    expect(queued('sends-dlq')).toEqual([]);
  });

  it('asks nobody about one that was certainly not sent', async () => {
    await plant({ id: 'order-1', code: 'connectly-400', expiresAt: inAnHour() });

    await redriveAll();

    expect(ledger.counts.calls).toBe(0);
  });

  it('makes room for the key and the expiry where a producer has attached ten of its own', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`a${n}`, text('x')]));
    await plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}', attributes });

    await redriveAll();

    const kept = Object.keys(attributesOf(queued('sends')[0]));
    expect(kept).toHaveLength(10);
    expect(kept).toEqual(expect.arrayContaining(['relay.id', 'relay.expiresAt']));
  });

  it('moves letters as long as a message may be, which do not fit into one request together', async () => {
    for (let n = 0; n < 6; n += 1) {
      const short = JSON.stringify({ type: 'text', to: '+15555555555', id: `o-${n}`, text: '' });
      const body = short.replace('""', `"${'x'.repeat(maximumMessageBytes - short.length)}"`);
      await plant({ id: `o-${n}`, code: 'connectly-400', expiresAt: inAnHour(), body });
    }

    await redriveAll();

    expect(queued('sends')).toHaveLength(6);
    expect(queued('sends-dlq')).toEqual([]);
  });

  it('keeps a letter of which SQS took no copy', async () => {
    await client.send(
      new SetQueueAttributesCommand({
        QueueUrl: ports.sendsQueueUrl,
        Attributes: { MaximumMessageSize: '1024' },
      }),
    );
    const long = JSON.stringify({ type: 'text', to: '+15555555555', text: 'x'.repeat(2000), id: 'long' });
    await plant({ id: 'long', code: 'connectly-400', expiresAt: inAnHour(), body: long });
    await plant({ id: 'short', code: 'connectly-400', expiresAt: inAnHour() });

    await redriveAll();

    expect(queued('sends').map(({ body }) => Object(JSON.parse(body)).id)).toEqual(['short']);
    expect(queued('sends-dlq').map(({ body }) => Object(JSON.parse(body)).id)).toEqual(['long']);
  });

  it('leaves no letter hidden behind', async () => {
    await plant({ id: 'late', code: 'connectly-400', expiresAt: Date.now() - 1 });
    await redriveAll();

    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: ports.deadLetterQueueUrl }),
    );

    expect(messages).toHaveLength(1);
  });
});

const silentLedger = {
  read: () => Promise.reject(new RelayError('ledger-unavailable', 'The ledger table did not answer.')),
};

describe('a letter', () => {
  it('is told apart from one of another business with the same id, and not from its own copy', async () => {
    await plant({ id: 'order-1', code: 'connectly-400' });
    await plant({ id: 'order-1', code: 'connectly-400' });
    const other = {
      type: 'text',
      to: '+15555555555',
      text: 'hello!',
      id: 'order-1',
      businessId: 'business-2',
    };
    await plant({ code: 'connectly-400', body: JSON.stringify(other) });

    const identities = (await look()).map(identityOf);

    expect(identities).toHaveLength(3);
    expect(new Set(identities).size).toBe(2);
  });

  const uuid = '12345678-1234-1234-1234-123456789012';

  it.each([
    ['order-42-ready', 'order-42-ready'],
    ['order-1000234', 'order-1000234'],
    [uuid, uuid],
    ['bulk-0504845f16e27401234567896996abcd', 'bulk-0504845f16e27401234567896996abcd'],
    ['bulk-4915112345674', 'bulk-4915•••5674'],
    ['+15550001234', '+1555•••1234'],
    ['15550001234', '1555•••1234'],
    ['welcome-491511234567-1', 'welcome-4915•••4567-1'],
    ['id-4477123', 'id-44•••3'],
  ])('shows the id %s as %s', (id, shown) => {
    expect(maskId(id, '+4477123')).toBe(shown);
  });

  it('of an unknown outcome has something to ask Connectly with, to search for, and to type', async () => {
    const triedAt = Date.now() - 7_200_000;
    const attributes = { 'error.cause': text('connectly-500'), 'error.traceId': text('t-1') };
    await plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour(), attributes });
    await ledger.insert(keyOf('order-1'), { ...entry('UNKNOWN'), leaseUntil: triedAt + leaseMs });
    const [letter] = await look();

    const traces = letter && (await tracesOf(letter, { ledger, now: Date.now(), targetOptions: '--local' }));

    const key = keyOf('order-1').slice(0, 12);
    expect(letter).toMatchObject({ cause: 'connectly-500', traceId: 't-1' });
    expect(tracesSchema.parse(traces)).toEqual({
      key,
      ledger: { state: 'UNKNOWN', attemptedAt: new Date(triedAt).toISOString() },
      search: `npx relay tail --key ${key} --since 3h --no-follow --local`,
      resend: 'npx relay dlq redrive --id order-1 --resend-unknown --yes --local',
    });
  });

  it.each(['it; rm', '--yes', '+15550001234'])(
    'whose id %j cannot be typed, or shown, is named by the id of SQS',
    async (id) => {
      await plant({ id, code: 'outcome-unknown', expiresAt: inAnHour() });
      const [letter] = await look();

      const traces =
        letter && (await tracesOf(letter, { ledger, now: Date.now(), targetOptions: '--local' }));

      expect(traces?.resend).toContain(`--id ${letter?.messageId} `);
    },
  );

  it('tells what it can when the ledger does not answer', async () => {
    await plant({ id: 'order-1', code: 'connectly-400', expiresAt: inAnHour() });
    const [letter] = await look();

    const traces =
      letter && (await tracesOf(letter, { ledger: silentLedger, now: Date.now(), targetOptions: '' }));

    expect(traces).toMatchObject({ key: keyOf('order-1').slice(0, 12) });
    expect(traces).not.toHaveProperty('resend');
  });
});

describe('a filter', () => {
  const now = 10_000_000;
  const letter = {
    code: 'ERROR_CODE_X',
    originalId: 'order-1',
    bodyId: undefined,
    messageId: 'm-1',
    body: '{}',
    send: { to: '+15555555555', type: 'text', key: undefined },
    queuedAt: now - 60_000,
    expiresAt: now - 1,
  };

  it.each([
    [{}, true],
    [{ code: ['error-code-x'] }, true],
    [{ code: ['other', 'ERROR_CODE_X'] }, true],
    [{ code: ['expired'] }, false],
    [{ id: ['order-1'] }, true],
    [{ id: ['m-1'] }, true],
    [{ id: ['order-2'] }, false],
    [{ to: '+15555555555' }, true],
    [{ to: '+1555555555' }, false],
    [{ olderThan: 59_999 }, true],
    [{ olderThan: 60_000 }, false],
    [{ newerThan: 60_001 }, true],
    [{ newerThan: 60_000 }, false],
    [{ expired: true }, true],
  ])('by %j takes the letter: %s', (filter, expected) => {
    const meant = isMeant(letter, filter, now);

    expect(meant).toBe(expected);
  });

  it.each([
    [{ ...letter, originalId: 'm-1', bodyId: 'order-1' }, { id: ['order-1'] }],
    [{ ...letter, send: undefined, body: '{"to":"1 (555) 555-5555"}' }, { to: '+15555555555' }],
    [{ ...letter, send: undefined, body: '+15555555555' }, { to: '+15555555555' }],
    [{ ...letter, send: undefined, body: '{"to":"US.1349"}' }, { to: 'US.1349' }],
  ])('finds an invalid message by what stands in it: %j', (invalid, filter) => {
    const meant = isMeant(invalid, filter, now);

    expect(meant).toBe(true);
  });

  it('finds no invalid message by the number of somebody else', () => {
    const invalid = { ...letter, send: undefined, body: '{"to":"15555555556"}' };

    const meant = isMeant(invalid, { to: '+15555555555' }, now);

    expect(meant).toBe(false);
  });

  it.each(['+15555555555', 'US.1349'])('reads the recipient %s', (recipient) => {
    expect(parseRecipient(recipient)).toBe(recipient);
  });

  it.each(['15555555555', '+0155', 'Ana', ''])('refuses the recipient "%s"', (given) => {
    const parse = () => parseRecipient(given);

    expect(parse).toThrow(/E\.164/);
  });

  it('takes what has not expired for that', () => {
    const meant = isMeant({ ...letter, expiresAt: now + 1 }, { expired: true }, now);

    expect(meant).toBe(false);
  });

  it.each(['0', '-1', '1.5', 'ten', '', '9999999999'])('refuses the count "%s"', (given) => {
    const parse = () => parseCount(given);

    expect(parse).toThrow(/whole number above 0/);
  });
});
