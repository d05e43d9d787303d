import { describe, expect, it } from 'vitest';
import { registerTopics, unregisterTopics } from '../../../../cli/registrations/change-topics.ts';
import { ConnectlyError, type Webhook, type Webhooks } from '../../../../lib/connectly/webhooks.ts';

const here = 'https://here.example/webhooks';
const elsewhere = 'https://elsewhere.example/webhooks';

/** Connectly's registrations in memory. A change shows in the list after so many more looks at it. */
function connectly(initial: readonly Webhook[], { showsAfter = 0 } = {}) {
  const calls: string[] = [];
  let webhooks = [...initial];
  let shown = [...initial];
  let looksLeft = 0;
  const change = (next: Webhook[]) => {
    webhooks = next;
    looksLeft = showsAfter;
  };
  const port: Webhooks = {
    async list() {
      if (looksLeft > 0) looksLeft -= 1;
      else shown = [...webhooks];
      return shown;
    },
    async create({ topic, address }) {
      calls.push(`create ${topic}`);
      if (webhooks.some((each) => each.topic === topic))
        throw new ConnectlyError('connectly-409', 'Taken.', { status: 409 });
      change([...webhooks, { id: topic, topic, address }]);
      return topic;
    },
    async update(id, { address }) {
      calls.push(`update ${id}`);
      change(webhooks.map((each) => (each.id === id ? { ...each, address } : each)));
    },
    async remove(id) {
      calls.push(`remove ${id}`);
      change(webhooks.filter((each) => each.id !== id));
    },
  };
  return { port, calls, webhooks: () => webhooks };
}

const at = (topic: string, address: string): Webhook => ({ id: topic, topic, address });
const both = ['messages', 'delivery_status'];

function pauses() {
  let count = 0;
  return { pause: async () => void (count += 1), count: () => count };
}

async function collect<Item>(items: AsyncGenerator<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('registerTopics', () => {
  it('touches no topic when one of them points elsewhere', async () => {
    const { port, calls } = connectly([at('delivery_status', elsewhere)]);
    const { pause } = pauses();

    const registering = collect(registerTopics(port, { wanted: both, address: here, replace: false, pause }));

    await expect(registering).rejects.toMatchObject({
      code: 'webhook-elsewhere',
      message: expect.stringContaining(elsewhere),
    });
    expect(calls).toEqual([]);
  });

  it('updates what is there and creates what is not', async () => {
    const { port, calls } = connectly([at('delivery_status', elsewhere)]);
    const { pause } = pauses();

    const done = await collect(registerTopics(port, { wanted: both, address: here, replace: true, pause }));

    expect(calls).toEqual(['create messages', 'update delivery_status']);
    expect(done.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      { action: 'created', before: undefined, after: here },
      { action: 'updated', before: elsewhere, after: here },
    ]);
  });

  it('waits until the change shows', async () => {
    const { port } = connectly([], { showsAfter: 3 });
    const { pause, count } = pauses();

    await collect(registerTopics(port, { wanted: ['messages'], address: here, replace: false, pause }));

    expect(count()).toBe(3);
  });

  it('gives up on a change that never shows, and names the next command', async () => {
    const { port } = connectly([], { showsAfter: Infinity });
    const { pause } = pauses();

    const registering = collect(
      registerTopics(port, { wanted: ['messages'], address: here, replace: false, pause }),
    );

    await expect(registering).rejects.toMatchObject({
      code: 'webhook-not-shown',
      message: expect.stringContaining('relay webhook status'),
    });
  });
});

describe('unregisterTopics', () => {
  it('removes what points here, and passes over what is gone', async () => {
    const { port, webhooks } = connectly([at('messages', here), at('report', elsewhere)]);
    const { pause } = pauses();

    const done = await collect(unregisterTopics(port, { wanted: both, address: here, pause }));

    expect(done).toEqual([
      { action: 'removed', topic: 'messages', before: here },
      { action: 'unchanged', topic: 'delivery_status', before: undefined },
    ]);
    expect(webhooks()).toEqual([at('report', elsewhere)]);
  });

  it('removes nothing when one points elsewhere', async () => {
    const { port, calls } = connectly([at('messages', here), at('delivery_status', elsewhere)]);
    const { pause } = pauses();

    const removing = collect(unregisterTopics(port, { wanted: both, address: here, pause }));

    await expect(removing).rejects.toMatchObject({ code: 'webhook-elsewhere' });
    expect(calls).toEqual([]);
  });

  it('waits until the removal shows', async () => {
    const { port } = connectly([at('messages', here)], { showsAfter: 2 });
    const { pause, count } = pauses();

    await collect(unregisterTopics(port, { wanted: ['messages'], address: here, pause }));

    expect(count()).toBe(2);
  });
});
