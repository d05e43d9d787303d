import { describe, expect, test } from 'vitest';
import { fakeForEachTest, type RunningFake } from './running-fake.ts';

let running: RunningFake;
fakeForEachTest((started) => (running = started));

const address = 'https://example.com/webhook';
const create = (body: unknown) => running.vendor('POST', '/create/webhooks', body);
const update = (id: unknown, body: unknown) => running.vendor('PUT', `/update/webhooks/${String(id)}`, body);
const list = async () => (await running.vendor('GET', '/webhooks')).json;

test('a registration gets an id and is listed', async () => {
  const empty = await list();
  const created = await create({ topic: 'messages', address });

  const listed = await list();

  expect(empty).toEqual({ entity: { businessId: 'b1', webhooks: [] } });
  expect(created.status).toBe(200);
  expect(created.json).toEqual({ id: expect.stringMatching(/^wh_[0-9A-HJKMNP-TV-Z]{26}$/) });
  expect(listed).toEqual({
    entity: {
      businessId: 'b1',
      webhooks: [
        {
          id: created.json.id,
          topic: 'messages',
          address,
          configuration: { echo: false, channelTypes: ['whatsapp'], filters: [] },
        },
      ],
    },
  });
});

test('another business does not see it', async () => {
  await create({ topic: 'messages', address });

  const other = await running.call('GET', '/v1/businesses/b2/webhooks');

  expect(other.json).toEqual({ entity: { businessId: 'b2', webhooks: [] } });
});

describe('a taken topic', () => {
  test('is refused with 409, and nothing changes', async () => {
    await create({ topic: 'messages', address });

    const second = await create({ topic: 'messages', address: 'https://example.com/other' });
    const other = await create({ topic: 'report', address });

    expect([second.status, other.status]).toEqual([409, 200]);
    expect(await list()).toMatchObject({
      entity: {
        webhooks: [
          { topic: 'messages', address },
          { topic: 'report', address },
        ],
      },
    });
  });

  test('is replaced, when told so', async () => {
    running.fake.configure({ onTakenTopic: 'replace' });
    await create({ topic: 'messages', address });

    const second = await create({ topic: 'messages', address: 'https://example.com/other' });

    expect(second.status).toBe(200);
    expect(running.fake.state().registrations).toEqual([
      expect.objectContaining({ id: second.json.id, address: 'https://example.com/other' }),
    ]);
  });
});

test.each([
  ['topic', { address }],
  ['topic', { topic: 'gossip', address }],
  ['address', { topic: 'messages' }],
  ['address', { topic: 'messages', address: 'webhook' }],
  ['address', { topic: 'messages', address: 'http://example.com/' }],
  ['address', { topic: 'messages', address: 'ftp://127.0.0.1/' }],
  ['type', { topic: 'messages', address, type: 'carrier' }],
  ['configuration.echo', { topic: 'messages', address, configuration: { echo: 'no' } }],
  ['configuration.channelTypes', { topic: 'messages', address, configuration: { channelTypes: 'sms' } }],
  ['configuration.filters[0].field', { topic: 'messages', address, configuration: { filters: [{}] } }],
])('a bad %s is refused: %j', async (field, body) => {
  const reply = await create(body);

  expect(reply.status).toBe(400);
  expect(reply.json.message).toContain(field);
});

test.each(['http://127.0.0.1:9/a', 'http://localhost:9/a', 'http://[::1]:9/a'])(
  'plain http is allowed to this machine: %s',
  async (local) => {
    const reply = await create({ topic: 'messages', address: local });

    expect(reply.status).toBe(200);
  },
);

describe('an update', () => {
  test('overwrites what it names and leaves the rest', async () => {
    const { json } = await create({ topic: 'messages', address, configuration: { echo: true } });

    const updated = await update(json.id, {
      configuration: { channelTypes: ['sms'] },
    });

    expect([updated.status, updated.json]).toEqual([200, { id: json.id }]);
    expect(running.fake.state().registrations).toEqual([
      {
        businessId: 'b1',
        id: json.id,
        topic: 'messages',
        address,
        configuration: { echo: true, channelTypes: ['sms'], filters: [] },
      },
    ]);
  });

  test('cannot change the topic, take a bad address or an unknown id', async () => {
    const { json } = await create({ topic: 'messages', address });

    const topic = await update(json.id, { topic: 'report' });
    const bad = await update(json.id, { address: 'http://example.com' });
    const unknown = await update('wh_1', { address });

    expect([topic.status, bad.status, unknown.status]).toEqual([400, 400, 404]);
  });
});

test('a deletion answers {} once, and 404 from then on', async () => {
  const { json } = await create({ topic: 'messages', address });
  const remove = () => running.vendor('DELETE', `/delete/webhooks/${String(json.id)}`);

  const first = await remove();
  const second = await remove();

  expect([first.status, first.text, second.status]).toEqual([200, '{}', 404]);
  expect(running.fake.state().registrations).toEqual([]);
});

test('a fault after the deletion leaves it done', async () => {
  const { json } = await create({ topic: 'messages', address });
  running.fake.addFault({ kind: 'reset', accept: true, match: { endpoint: 'delete/webhooks' } });

  const reply = await running.vendor('DELETE', `/delete/webhooks/${String(json.id)}`);

  expect(reply.status).toBeUndefined();
  expect(running.fake.state().registrations).toEqual([]);
});
