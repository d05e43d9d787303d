import { type Path, path } from './path.ts';
import { messageBody, newestOn, recordOf, recordOfCopy } from './records.ts';
import { urls, type World } from './world.ts';

/** Sends a message whose outcome nobody knows; what is on the outcomes queue then. */
async function park(world: World, fields: Readonly<Record<string, unknown>> = {}): Promise<object> {
  const answer = world.connectly;
  world.connectly = () =>
    Promise.resolve({ status: 500, body: JSON.stringify({ message: world.everything() }) });
  await world.invoke('send-message', { Records: [recordOf(world, messageBody(world, fields))] });
  world.connectly = answer;
  return recordOfCopy(world, newestOn(world, urls.OUTCOMES_QUEUE_URL));
}

const settle = async (world: World, record: object) => {
  await world.invoke('settle-send', { Records: [record] });
};

/** A delivery status as the webhook reports it. */
function report(world: World, body: string): object {
  return recordOf(world, body, { attributes: { 'relay.kind': 'status' } });
}

/** Lets the waiting time pass, and the time in which an environment that has just started looks again. */
async function letTimePass(world: World, parked: object): Promise<void> {
  await world.clock.advance(3 * 60 * 60_000);
  for (let looks = 0; looks < 15; looks += 1) {
    await settle(world, parked);
    await world.clock.advance(20_000);
  }
}

export const settlePaths: readonly Path[] = [
  path('settle: waits for a status', ['settle parked waiting'], async (world) =>
    settle(world, await park(world)),
  ),
  path(
    'settle: a status says that it was sent',
    ['settle report settled', 'settle parked settled'],
    async (world) => {
      const parked = await park(world);
      await settle(world, report(world, JSON.stringify({ sendId: 'order-1', vendorId: 'V1' })));
      await settle(world, parked);
    },
  ),
  path('settle: nobody knows', ['settle parked outcome-unknown'], async (world) => {
    const parked = await park(world, { ifUnclear: 'hold' });
    await letTimePass(world, parked);
    await settle(world, parked);
  }),
  path('settle: sent again', ['settle parked released', 'attempt accepted'], async (world) => {
    const parked = await park(world, { ifUnclear: 'settle' });
    await letTimePass(world, parked);
    await settle(world, parked);
    const again = recordOfCopy(world, newestOn(world, urls.SENDS_QUEUE_URL));
    await world.invoke('send-message', { Records: [again] });
  }),
  path('settle: a status of somebody else', ['report report not-ours'], (world) =>
    settle(world, report(world, JSON.stringify({ sendId: 'order-2' }))),
  ),
  path('settle: no message', ['settle parked outcome-unknown'], (world) =>
    settle(world, recordOf(world, `{"text": "${world.everything()}`)),
  ),
  ...[
    ({ canaries }: World) => `{"sendId": "${canaries.text}`,
    ({ canaries }: World) => JSON.stringify({ sendId: [canaries.phone], [canaries.name]: canaries.text }),
    ({ canaries }: World) => JSON.stringify(canaries.text),
  ].map((makeBody, index) =>
    path(`settle: no report ${index + 1}`, ['report report unreadable'], (world) =>
      settle(world, report(world, makeBody(world))),
    ),
  ),
  path('settle: no ledger', ['settle-failed ledger-unavailable'], async (world) => {
    const parked = await park(world);
    world.ledgerFault = () => world.failure('InternalServerError', world.everything());
    await settle(world, parked);
  }),
  ...[urls.OUTCOMES_QUEUE_URL, urls.SENDS_DLQ_URL, urls.SENDS_QUEUE_URL].map((queue) =>
    path(`settle: nothing goes to ${queue.replace(/.*\//, '')}`, ['settle-failed'], async (world) => {
      const parked = await park(world, { ifUnclear: queue === urls.SENDS_QUEUE_URL ? 'settle' : 'hold' });
      if (queue !== urls.OUTCOMES_QUEUE_URL) await letTimePass(world, parked);
      world.queueFault = () => world.failure('TypeError', world.everything());
      await settle(world, parked);
    }),
  ),
  path('settle: nothing that could be a batch', ['settle-send failed'], async (world) => {
    await world.invoke('settle-send', { [world.everything()]: [] });
  }),
];
