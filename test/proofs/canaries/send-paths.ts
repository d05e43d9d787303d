import { contents, mistakes } from './messages.ts';
import { type Path, path } from './path.ts';
import { messageBody, newestOn, type RecordOptions, recordOf, recordOfCopy } from './records.ts';
import { urls, type World } from './world.ts';

async function send(world: World, body = messageBody(world), options: RecordOptions = {}): Promise<void> {
  await world.invoke('send-message', { Records: [recordOf(world, body, options)] });
}

/** A body that stays the same when it is sent again. */
async function sendTwice(world: World, between: () => Promise<void> | void): Promise<void> {
  const body = messageBody(world);
  await send(world, body);
  await between();
  await send(world, body);
}

/** Lets the ledger fail from a call on, in words that quote all there is. */
function breakLedger(world: World, fromCall = 1): void {
  let calls = 0;
  world.ledgerFault = () =>
    (calls += 1) < fromCall ? undefined : world.failure('ValidationException', world.everything());
}

const unclear = (world: World) => Promise.resolve({ status: 500, body: world.everything() });

const brokenKeys: Readonly<Record<string, (world: World) => string>> = {
  'two words': ({ canaries }) => `${canaries.apiKey} ${canaries.otherSecret}`,
  'two lines': ({ canaries }) => `${canaries.apiKey}\r\nX-Other: ${canaries.otherSecret}`,
  'no JSON': ({ canaries }) => `{"business-1": "${canaries.apiKey}"`,
  'no key': ({ canaries }) => `{"business-1": ["${canaries.apiKey}"]}`,
};

const badSettings: readonly ((world: World) => Readonly<Record<string, string>>)[] = [
  ({ canaries }) => ({ SENDER_NUMBER: canaries.businessPhone.replace('+', '00') }),
  ({ canaries }) => ({ ONLY_TO: `${canaries.phone}, ${canaries.name}` }),
  ({ canaries }) => ({ BUSINESS_ID: canaries.name }),
  ({ canaries }) => ({ CONNECTLY_BASE_URL: `https://${canaries.apiKey}@api.connectly.ai` }),
  ({ canaries }) => ({ CONNECTLY_BASE_URL: `https://example.com/${canaries.apiKey}` }),
  ({ canaries }) => ({ SENDS_PER_SECOND: canaries.text }),
  ({ canaries }) => ({ IF_UNCLEAR: canaries.text }),
  ({ canaries }) => ({ LOG_LEVEL: canaries.text }),
];

const effects: Readonly<Record<string, { readonly takes: string; readonly answer: number }>> = {
  [urls.SENDS_DLQ_URL]: { takes: 'attempt-failed refused', answer: 400 },
  [urls.OUTCOMES_QUEUE_URL]: { takes: 'attempt-failed unclear', answer: 500 },
  [urls.SENDS_QUEUE_URL]: { takes: 'attempt-failed not-sent', answer: 429 },
};

export const sendPaths: readonly Path[] = [
  ...Object.keys(contents).map((kind) =>
    path(`send: ${kind}`, ['attempt accepted'], (world) => send(world, messageBody(world, {}, kind))),
  ),
  ...Object.entries(mistakes).map(([name, makeBody]) =>
    path(`send: ${name}`, ['attempt refused message-invalid'], (world) =>
      send(world, makeBody(world.canaries)),
    ),
  ),
  path('send: without an id', ['attempt accepted'], (world) =>
    send(world, messageBody(world, { id: undefined })),
  ),
  path('send: no business', ['attempt refused business-missing'], (world) => {
    world.variables = { BUSINESS_ID: '' };
    return send(world);
  }),
  path('send: recipient not allowed', ['attempt refused recipient-not-allowed'], (world) => {
    world.variables = { ONLY_TO: world.canaries.businessPhone };
    return send(world);
  }),
  path('send: expired', ['attempt refused expired'], (world) =>
    send(world, messageBody(world, { expiresAt: new Date(world.clock.now() - 1_000).toISOString() })),
  ),
  path('send: a copy with attributes that are none', ['attempt accepted'], (world) =>
    send(world, messageBody(world), { attributes: { 'relay.expiresAt': 'soon' } }),
  ),
  path('send: twice', ['attempt duplicate'], (world) => sendTwice(world, () => {})),
  path('send: one id for two messages', ['attempt refused id-reused'], async (world) => {
    await send(world, messageBody(world, {}, 'text'));
    await send(world, messageBody(world, {}, 'template'));
  }),
  path('send: unclear under resend', ['attempt unclear connectly-500', 'attempt accepted'], async (world) => {
    const body = messageBody(world, { ifUnclear: 'resend' });
    const answer = world.connectly;
    world.connectly = () => unclear(world);
    await send(world, body);
    world.connectly = answer;
    await send(world, body, { receiveCount: 2 });
  }),
  path(
    'send: redriven from the DLQ',
    ['attempt refused connectly-400', 'attempt accepted'],
    async (world) => {
      const answer = world.connectly;
      world.connectly = () => Promise.resolve({ status: 400, body: world.everything() });
      await send(world);
      world.connectly = answer;
      const copy = recordOfCopy(world, newestOn(world, urls.SENDS_DLQ_URL));
      await world.invoke('send-message', { Records: [copy] });
    },
  ),
  path(
    'send: an attempt under way elsewhere',
    ['attempt-unrecorded', 'attempt not-sent being-sent'],
    async (world) => {
      breakLedger(world, 2);
      await sendTwice(world, () => {
        world.ledgerFault = () => undefined;
      });
    },
  ),
  path(
    'send: an attempt that was lost',
    ['attempt-unrecorded', 'attempt unclear attempt-lost'],
    async (world) => {
      breakLedger(world, 2);
      await sendTwice(world, async () => {
        world.ledgerFault = () => undefined;
        await world.clock.advance(10 * 60_000);
      });
    },
  ),
  path('send: no ledger', ['attempt not-sent ledger-unavailable'], (world) => {
    breakLedger(world);
    return send(world);
  }),
  path('send: a ledger that makes no sense', ['attempt not-sent ledger-invalid'], (world) =>
    sendTwice(world, () => {
      for (const key of world.table.items.keys())
        world.table.items.set(key, { pk: { S: key }, state: { S: 'NO' } });
    }),
  ),
  ...Object.entries(effects).map(([broken, { takes, answer }]) =>
    path(`send: nothing goes to ${broken.replace(/.*\//, '')}`, [takes], (world) => {
      world.connectly = () => Promise.resolve({ status: answer, body: world.everything() });
      world.queueFault = (queue) =>
        queue === broken ? world.failure('InvalidMessageContents', world.everything()) : undefined;
      return send(world, messageBody(world, { ifUnclear: 'hold' }));
    }),
  ),
  path('send: a copy that is not confirmed', ['attempt-failed refused'], (world) => {
    world.isUnconfirmed = true;
    return send(world, world.canaries.text);
  }),
  path(
    'send: no Secrets Manager, and the pause after it',
    [
      'attempt not-sent secret-unavailable',
      'paused sending-paused',
      'untouched sending-paused',
      'probe-failed not-sent secret-unavailable',
    ],
    async (world) => {
      world.apiKey = undefined;
      await send(world);
      await send(world);
      await world.clock.advance(60_000);
      await send(world);
    },
  ),
  path('send: no key', ['attempt not-sent secret-not-set'], (world) => {
    world.apiKey = ' ';
    return send(world);
  }),
  ...Object.entries(brokenKeys).map(([name, makeKey]) =>
    path(`send: ${name} for a key`, ['attempt not-sent secret-invalid'], (world) => {
      world.apiKey = makeKey(world);
      return send(world);
    }),
  ),
  path('send: no key for the business', ['attempt not-sent no-key-for-business'], (world) => {
    world.apiKey = JSON.stringify({ 'business-2': world.canaries.apiKey });
    return send(world);
  }),
  path(
    'send: a refused key, and the pause after it',
    [
      'attempt not-sent connectly-401',
      'paused business-paused',
      'untouched business-paused',
      'probe-failed not-sent connectly-401',
    ],
    async (world) => {
      world.connectly = () => Promise.resolve({ status: 401, body: world.everything() });
      await send(world);
      await send(world);
      await world.clock.advance(60_000);
      await send(world);
    },
  ),
  path('send: a rotated key', ['attempt accepted'], async (world) => {
    const { apiKey, otherSecret } = world.canaries;
    world.apiKey = otherSecret;
    await send(world, messageBody(world, { id: 'order-2' }));
    world.apiKey = apiKey;
    const answer = world.connectly;
    world.connectly = (request) =>
      request.headers['X-API-Key'] === apiKey
        ? answer(request)
        : Promise.resolve({ status: 401, body: world.everything() });
    await world.clock.advance(60_000);
    await send(world);
  }),
  path('send: a stale key', ['secret-served-stale secret-unavailable', 'attempt accepted'], async (world) => {
    await send(world, messageBody(world, { id: 'order-2' }));
    world.apiKey = undefined;
    await world.clock.advance(6 * 60_000);
    await send(world);
  }),
  path('send: no time left', ['untouched no-time-left'], async (world) => {
    await world.invoke('send-message', { Records: [recordOf(world, messageBody(world))] }, 1_000);
  }),
  path(
    'send: a batch of all sorts',
    ['attempt accepted', 'attempt refused message-invalid', 'attempt-failed'],
    async (world) => {
      const good = recordOf(world, messageBody(world), { messageId: 'message-1' });
      const bad = recordOf(world, mistakes['unknown field']?.(world.canaries) ?? '', {
        messageId: 'message-2',
      });
      const broken = { ...recordOf(world, world.everything(), { messageId: 'message-3' }), attributes: null };
      await world.invoke('send-message', { Records: [good, bad, broken] });
    },
  ),
  path('send: nothing that could be a batch', ['send-message failed'], async (world) => {
    await world.invoke('send-message', { [world.everything()]: [] });
  }),
  ...badSettings.map((makeVariables, index) =>
    path(`send: a setting that cannot work ${index + 1}`, ['send-message failed'], (world) => {
      world.variables = makeVariables(world);
      return send(world);
    }),
  ),
];
