import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { afterLook, restingConnections } from '../../../lib/connectly/connections.ts';

it('a connection of which nobody knows how long it rests is overdue', () => {
  const resting = restingConnections(() => 1);

  const isOverdue = resting.isOverdue(new Duplex());

  expect(isOverdue).toBe(true);
});

it('a look lasts until a whole turn of the event loop has passed, wherever it begins', async () => {
  const events: string[] = [];

  const looked = new Promise<void>((resolve) => {
    afterLook(() => {
      events.push('looked');
      resolve();
    });
  });
  await new Promise((resolve) => setImmediate(resolve));
  events.push('turn');
  await looked;

  expect(events).toEqual(['turn', 'looked']);
});
