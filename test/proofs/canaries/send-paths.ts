import { contents, mistakes } from './messages.ts';
import type { Path } from './path.ts';
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
  ...Object.keys(contents).map((kind) => ({
    name: `send: ${kind}`,
    takes: ['attempt accepted'],
    run: (world: World) => send(world, messageBody(world, {}, kind)),
  })),
  ...Object.entries(mistakes).map(([name, makeBody]) => ({
    name: `send: ${name}`,
    takes: ['attempt refused message-invalid'],
    run: (world: World) => send(world, makeBody(world.canaries)),
  })),
  {
    name: 'send: without an id',
    takes: ['attempt accepted'],
    run: (world) => send(world, messageBody(world, { id: undefined })),
  },
  {
    name: 'send: no business',
    takes: ['attempt refused business-missing'],
    run(world) {
      world.variables = { BUSINESS_ID: '' };
      return send(world);
    },
  },
  {
    name: 'send: recipient not allowed',
    takes: ['attempt refused recipient-not-allowed'],
    run(world) {
      world.variables = { ONLY_TO: world.canaries.businessPhone };
      return send(world);
    },
  },
  {
    name: 'send: expired',
    takes: ['attempt refused expired'],
    run: (world) =>
      send(world, messageBody(world, { expiresAt: new Date(world.clock.now() - 1_000).toISOString() })),
  },
  {
    name: 'send: a copy with attributes that are none',
    takes: ['attempt accepted'],
    run: (world) => send(world, messageBody(world), { attributes: { 'relay.expiresAt': 'soon' } }),
  },
  { name: 'send: twice', takes: ['attempt duplicate'], run: (world) => sendTwice(world, () => {}) },
  {
    name: 'send: one id for two messages',
    takes: ['attempt refused id-reused'],
    async run(world) {
      await send(world, messageBody(world, {}, 'text'));
      await send(world, messageBody(world, {}, 'template'));
    },
  },
  {
    name: 'send: unclear under resend',
    takes: ['attempt unclear connectly-500', 'attempt accepted'],
    async run(world) {
      const body = messageBody(world, { ifUnclear: 'resend' });
      const answer = world.connectly;
      world.connectly = () => unclear(world);
      await send(world, body);
      world.connectly = answer;
      await send(world, body, { receiveCount: 2 });
    },
  },
  {
    name: 'send: redriven from the DLQ',
    takes: ['attempt refused connectly-400', 'attempt accepted'],
    async run(world) {
      const answer = world.connectly;
      world.connectly = () => Promise.resolve({ status: 400, body: world.everything() });
      await send(world);
      world.connectly = answer;
      const copy = recordOfCopy(world, newestOn(world, urls.SENDS_DLQ_URL));
      await world.invoke('send-message', { Records: [copy] });
    },
  },
  {
    name: 'send: an attempt under way elsewhere',
    takes: ['attempt-unrecorded', 'attempt not-sent being-sent'],
    async run(world) {
      breakLedger(world, 2);
      await sendTwice(world, () => {
        world.ledgerFault = () => undefined;
      });
    },
  },
  {
    name: 'send: an attempt that was lost',
    takes: ['attempt-unrecorded', 'attempt unclear attempt-lost'],
    async run(world) {
      breakLedger(world, 2);
      await sendTwice(world, async () => {
        world.ledgerFault = () => undefined;
        await world.clock.advance(10 * 60_000);
      });
    },
  },
  {
    name: 'send: no ledger',
    takes: ['attempt not-sent ledger-unavailable'],
    run(world) {
      breakLedger(world);
      return send(world);
    },
  },
  {
    name: 'send: a ledger that makes no sense',
    takes: ['attempt not-sent ledger-invalid'],
    run: (world) =>
      sendTwice(world, () => {
        for (const key of world.table.items.keys())
          world.table.items.set(key, { pk: { S: key }, state: { S: 'NO' } });
      }),
  },
  ...Object.entries(effects).map(([broken, { takes, answer }]) => ({
    name: `send: nothing goes to ${broken.replace(/.*\//, '')}`,
    takes: [takes],
    run(world: World) {
      world.connectly = () => Promise.resolve({ status: answer, body: world.everything() });
      world.queueFault = (queue) =>
        queue === broken ? world.failure('InvalidMessageContents', world.everything()) : undefined;
      return send(world, messageBody(world, { ifUnclear: 'hold' }));
    },
  })),
  {
    name: 'send: a copy that is not confirmed',
    takes: ['attempt-failed refused'],
    run(world) {
      world.isUnconfirmed = true;
      return send(world, world.canaries.text);
    },
  },
  {
    name: 'send: no Secrets Manager, and the pause after it',
    takes: [
      'attempt not-sent secret-unavailable',
      'attempt not-sent breaker-open',
      'probe-failed not-sent secret-unavailable',
    ],
    async run(world) {
      world.apiKey = undefined;
      await send(world);
      await send(world);
      await world.clock.advance(60_000);
      await send(world);
    },
  },
  {
    name: 'send: no key',
    takes: ['attempt not-sent secret-not-set'],
    run(world) {
      world.apiKey = ' ';
      return send(world);
    },
  },
  ...Object.entries(brokenKeys).map(([name, makeKey]) => ({
    name: `send: ${name} for a key`,
    takes: ['attempt not-sent secret-invalid'],
    run(world: World) {
      world.apiKey = makeKey(world);
      return send(world);
    },
  })),
  {
    name: 'send: no key for the business',
    takes: ['attempt not-sent no-key-for-business'],
    run(world) {
      world.apiKey = JSON.stringify({ 'business-2': world.canaries.apiKey });
      return send(world);
    },
  },
  {
    name: 'send: a refused key, and the pause after it',
    takes: [
      'attempt not-sent connectly-401',
      'attempt not-sent business-paused',
      'probe-failed not-sent connectly-401',
    ],
    async run(world) {
      world.connectly = () => Promise.resolve({ status: 401, body: world.everything() });
      await send(world);
      await send(world);
      await world.clock.advance(60_000);
      await send(world);
    },
  },
  {
    name: 'send: a rotated key',
    takes: ['attempt accepted'],
    async run(world) {
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
    },
  },
  {
    name: 'send: a stale key',
    takes: ['secret-served-stale secret-unavailable', 'attempt accepted'],
    async run(world) {
      await send(world, messageBody(world, { id: 'order-2' }));
      world.apiKey = undefined;
      await world.clock.advance(6 * 60_000);
      await send(world);
    },
  },
  {
    name: 'send: no time left',
    takes: ['attempt not-sent no-time-left'],
    async run(world) {
      await world.invoke('send-message', { Records: [recordOf(world, messageBody(world))] }, 1_000);
    },
  },
  {
    name: 'send: a batch of all sorts',
    takes: ['attempt accepted', 'attempt refused message-invalid', 'attempt-failed'],
    async run(world) {
      const good = recordOf(world, messageBody(world), { messageId: 'message-1' });
      const bad = recordOf(world, mistakes['unknown field']?.(world.canaries) ?? '', {
        messageId: 'message-2',
      });
      const broken = { ...recordOf(world, world.everything(), { messageId: 'message-3' }), attributes: null };
      await world.invoke('send-message', { Records: [good, bad, broken] });
    },
  },
  {
    name: 'send: nothing that could be a batch',
    takes: ['send-message failed'],
    async run(world) {
      await world.invoke('send-message', { [world.everything()]: [] });
    },
  },
  ...badSettings.map((makeVariables, index) => ({
    name: `send: a setting that cannot work ${index + 1}`,
    takes: ['send-message failed'],
    run(world: World) {
      world.variables = makeVariables(world);
      return send(world);
    },
  })),
];
