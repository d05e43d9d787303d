import { describe, expect, it } from 'vitest';
import { ConnectlyError } from '../../../../cli/errors.ts';
import { registerTopics, unregisterTopics } from '../../../../cli/webhook/change-topics.ts';
import type { Webhook, Webhooks } from '../../../../cli/webhook/registrations.ts';

const here = 'https://here.example/webhooks';
const elsewhere = 'https://elsewhere.example/webhooks';

interface Moods {
  /** A change shows in the list after so many more looks at it. */
  readonly showsAfter?: number;
  /** A request that fails, such as `create messages`; `list` fails once something has been changed. */
  readonly failing?: string;
}

/** Connectly's registrations in memory. */
function connectly(initial: readonly Webhook[], { showsAfter = 0, failing = '' }: Moods = {}) {
  const calls: string[] = [];
  const called = (call: string) => {
    if (call === failing) throw new ConnectlyError('connectly-500', 'No.', { status: 500 });
    calls.push(call);
  };
  let webhooks = [...initial];
  let shown = [...initial];
  let looksLeft = 0;
  const change = (next: Webhook[]) => {
    webhooks = next;
    looksLeft = showsAfter;
  };
  const port: Webhooks = {
    async list() {
      if (failing === 'list' && calls.length > 0) called('list');
      if (looksLeft > 0) looksLeft -= 1;
      else shown = [...webhooks];
      return shown;
    },
    async create({ topic, address }) {
      called(`create ${topic}`);
      if (webhooks.some((each) => each.topic === topic))
        throw new ConnectlyError('connectly-409', 'Taken.', { status: 409 });
      change([...webhooks, { id: topic, topic, address }]);
      return topic;
    },
    async update(id, { address }) {
      called(`update ${id}`);
      change(webhooks.map((each) => (each.id === id ? { ...each, address } : each)));
    },
    async remove(id) {
      called(`remove ${id}`);
      change(webhooks.filter((each) => each.id !== id));
    },
  };
  return { port, calls, webhooks: () => webhooks };
}

const at = (topic: string, address: string): Webhook => ({ id: topic, topic, address });
const both = ['messages', 'delivery_status'];
const look = 'npx relay webhook status --stage test';

function pauses() {
  let count = 0;
  return { pause: async () => void (count += 1), count: () => count };
}

/** What was told before the end, and the failure that was the end. */
async function ending<Item>(items: AsyncGenerator<Item>): Promise<{ told: Item[]; failure: unknown }> {
  const told: Item[] = [];
  try {
    for await (const item of items) told.push(item);
  } catch (failure) {
    return { told, failure };
  }
  return { told, failure: undefined };
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

    const registering = collect(
      registerTopics(port, { wanted: both, address: here, replace: false, pause, look }),
    );

    await expect(registering).rejects.toMatchObject({
      code: 'webhook-elsewhere',
      message: expect.stringContaining(elsewhere),
    });
    expect(calls).toEqual([]);
  });

  it('updates what is there and creates what is not', async () => {
    const { port, calls } = connectly([at('delivery_status', elsewhere)]);
    const { pause } = pauses();

    const done = await collect(
      registerTopics(port, { wanted: both, address: here, replace: true, pause, look }),
    );

    expect(calls).toEqual(['create messages', 'update delivery_status']);
    expect(done.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      { action: 'created', before: undefined, after: here },
      { action: 'updated', before: elsewhere, after: here },
    ]);
  });

  it('waits until the change shows', async () => {
    const { port } = connectly([], { showsAfter: 3 });
    const { pause, count } = pauses();

    await collect(registerTopics(port, { wanted: ['messages'], address: here, replace: false, pause, look }));

    expect(count()).toBe(3);
  });

  it('gives up on a change that never shows, and names the next command', async () => {
    const { port } = connectly([], { showsAfter: Infinity });
    const { pause } = pauses();

    const registering = collect(
      registerTopics(port, { wanted: ['messages'], address: here, replace: false, pause, look }),
    );

    await expect(registering).rejects.toMatchObject({
      code: 'webhook-not-shown',
      exitCode: 6,
      message: expect.stringContaining(look),
    });
  });
});

describe('unregisterTopics', () => {
  it('removes what points here, and passes over what is gone', async () => {
    const { port, webhooks } = connectly([at('messages', here), at('report', elsewhere)]);
    const { pause } = pauses();

    const done = await collect(unregisterTopics(port, { wanted: both, address: here, pause, look }));

    expect(done).toEqual([
      { action: 'removed', topic: 'messages', before: here },
      { action: 'unchanged', topic: 'delivery_status', before: undefined },
    ]);
    expect(webhooks()).toEqual([at('report', elsewhere)]);
  });

  it('removes nothing when one points elsewhere', async () => {
    const { port, calls } = connectly([at('messages', here), at('delivery_status', elsewhere)]);
    const { pause } = pauses();

    const removing = collect(unregisterTopics(port, { wanted: both, address: here, pause, look }));

    await expect(removing).rejects.toMatchObject({ code: 'webhook-elsewhere' });
    expect(calls).toEqual([]);
  });

  it('waits until the removal shows', async () => {
    const { port } = connectly([at('messages', here)], { showsAfter: 2 });
    const { pause, count } = pauses();

    await collect(unregisterTopics(port, { wanted: ['messages'], address: here, pause, look }));

    expect(count()).toBe(2);
  });
});

describe('a change of two topics that fails halfway', () => {
  it.each([
    ['the second cannot be registered', 'update delivery_status'],
    ['the first cannot be looked at any more', 'list'],
  ])('tells what was registered and what was not: %s', async (_, failing) => {
    const { port } = connectly([at('delivery_status', elsewhere)], { failing });
    const { pause } = pauses();

    const { told, failure } = await ending(
      registerTopics(port, { wanted: both, address: here, replace: true, pause, look }),
    );

    expect(told).toMatchObject([{ action: 'created', topic: 'messages' }]);
    expect(failure).toMatchObject({
      code: 'connectly-500',
      exitCode: 6,
      message: `No. Connectly has changed topic "messages", and has confirmed no change of topic "delivery_status". Where they point now: ${look}. Then run this again.`,
    });
  });

  it.each([
    ['the second cannot be removed', 'remove delivery_status'],
    ['the first cannot be looked at any more', 'list'],
  ])('tells what was removed and what was not: %s', async (_, failing) => {
    const { port } = connectly([at('messages', here), at('delivery_status', here)], { failing });
    const { pause } = pauses();

    const { told, failure } = await ending(
      unregisterTopics(port, { wanted: both, address: here, pause, look }),
    );

    expect(told).toEqual([{ action: 'removed', topic: 'messages', before: here }]);
    expect(failure).toMatchObject({
      exitCode: 6,
      message: expect.stringMatching(/changed topic "messages", .* no change of topic "delivery_status"/),
    });
  });

  it('has changed nothing when what went before was as it should be: the failure stays what it is', async () => {
    const { port } = connectly([at('messages', here)], { failing: 'create delivery_status' });
    const { pause } = pauses();

    const { told, failure } = await ending(
      registerTopics(port, { wanted: both, address: here, replace: false, pause, look }),
    );

    expect(told).toMatchObject([{ action: 'unchanged', topic: 'messages' }]);
    expect(failure).toBeInstanceOf(ConnectlyError);
  });
});
