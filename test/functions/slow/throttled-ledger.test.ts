import { expect, it } from 'vitest';
import { type Stand, standForEachTest } from '../stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
  stand.setSecret('key', 'key-canary');
});

// The SDK waits for longer with each try of a call that is throttled: until the time of a claim, and of its withdrawal, is over.
it('A throttled ledger sends nothing, and keeps the message', async () => {
  const order = { type: 'text', to: '+15550001111', text: 'hello!', id: 'order-42' };
  stand.ledgerFaults.add({ operation: '*', fault: { kind: 'throttle' } });
  const sendMessage = stand.runSendMessage();

  const { result } = await sendMessage.invoke(await stand.batchOf(order));

  expect(Object(result).batchItemFailures).toHaveLength(1);
  expect(stand.connectly.requests).toEqual([]);
  expect(sendMessage.log()).toContainEqual(expect.objectContaining({ code: 'ledger-unavailable' }));
});
