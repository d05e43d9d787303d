// The built send-message and its connections to Connectly, which it keeps while its environment is frozen.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { type Damage, startLine } from './line.ts';
import { type Stand, standForEachTest } from './stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
  stand.setSecret('key', 'key');
});

const text = { type: 'text', to: '+15550001111', text: 'hello!' };
const accepted = answer(201, '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}');
const none = { batchItemFailures: [] };

describe('single sends, 50 ms apart', () => {
  let secure: ScriptedServer;

  beforeEach(async () => {
    secure = await startScriptedServer({ isSecure: true });
    secure.script(accepted);
  });

  afterEach(() => secure.close());

  it('share their connections: fifty of them open five at most', async () => {
    const trusting = { CONNECTLY_BASE_URL: secure.url.href, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const sendMessage = stand.runSendMessage(trusting);

    for (let count = 0; count < 50; count += 1) {
      await sendMessage.invoke(await stand.batchOf(text));
      await pause(50);
    }

    expect(secure.requests).toHaveLength(50);
    expect(secure.connections()).toBeLessThanOrEqual(5);
  });
});

describe('a connection that is kept while the environment is frozen', () => {
  let line: Awaited<ReturnType<typeof startLine>>;

  beforeEach(async () => {
    stand.connectly.script(accepted);
    line = await startLine(Number(stand.connectly.url.port));
  });

  afterEach(() => line.close());

  it('carries the next send', async () => {
    const sendMessage = stand.runSendMessage();
    await sendMessage.invoke(await stand.batchOf(text));

    await sendMessage.invoke(await stand.batchOf(text), { laterMs: 3_000 });

    expect(stand.connectly.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('is not used again after four seconds, not even when nothing tells that it is dead', async () => {
    const sendMessage = stand.runSendMessage({ CONNECTLY_BASE_URL: line.url });
    await sendMessage.invoke(await stand.batchOf(text));
    await line.damage('dead');

    await sendMessage.invoke(await stand.batchOf(text), { laterMs: 5_000 });

    expect(sendMessage.log()).toMatchObject([{ result: 'accepted' }, { result: 'accepted' }]);
  });

  it.each<Damage>(['closed', 'half-closed', 'reset'])(
    'and was %s meanwhile leaves nothing unclear: the next send goes over another one',
    async (damage) => {
      const sendMessage = stand.runSendMessage({ CONNECTLY_BASE_URL: line.url });
      await sendMessage.invoke(await stand.batchOf(text));
      const next = await stand.batchOf(text);
      sendMessage.freeze();
      await line.damage(damage);

      const invoked = sendMessage.invoke(next);
      sendMessage.thaw();

      expect((await invoked).result).toEqual(none);
      expect(sendMessage.log()).toMatchObject([{ result: 'accepted' }, { result: 'accepted' }]);
      expect(stand.connectly.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    },
  );
});
