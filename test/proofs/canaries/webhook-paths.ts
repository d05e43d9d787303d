import { sign } from '../../../lib/webhook/signature.ts';
import { type Path, path } from './path.ts';
import { urls, type World } from './world.ts';

const header = 'X-Connectly-Hmac-SHA256';

/** Events of Connectly's, personal wherever its documentation shows something personal. */
const events: Readonly<Record<string, (world: World) => object>> = {
  message: ({ canaries: { phone, businessPhone, text, name } }) => ({
    topic: 'messages',
    sender: phone,
    recipient: businessPhone,
    customer: { name, phone },
    message: { id: 'M1', text },
  }),
  'button response': ({ canaries: { phone, text, name } }) => ({
    topic: 'messages',
    sender: phone,
    buttonResponse: { id: 'B1', payload: text, text: name },
  }),
  report: ({ canaries: { phone, text, name } }) => ({
    topic: 'report',
    report: { id: 'R1', name, last_run: { id: 'run1', recipients: [phone], note: text } },
  }),
  'personal in the places of an id': ({ canaries: { phone, text } }) => ({
    message: { id: [phone], text },
    statusUpdate: { id: { phone }, status: [text] },
    topic: { text },
  }),
  'status of a send': statusOf,
  'failed status': (world) => ({ ...statusOf(world), statusUpdate: { ...failedStatus(world) } }),
};

function statusOf({ canaries: { phone, text, callbackData } }: World): object {
  return {
    topic: 'delivery_status',
    sender: phone,
    statusUpdate: { id: 'S1', status: 'delivered', details: text },
    callbackData: { relay: { v: 1, id: 'order-1' }, data: { note: callbackData } },
  };
}

function failedStatus({ canaries: { phone, vendorText } }: World): object {
  return {
    id: 'S1',
    status: 'delivery_failed',
    error: { code: 'ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT', message: vendorText, details: [phone] },
  };
}

interface Post {
  readonly body?: string | Buffer;
  readonly secret?: string;
  readonly headers?: (signature: string) => object;
}

async function post(world: World, { body, secret, headers }: Post = {}): Promise<void> {
  const { random, canaries } = world;
  const makeEvent = random.pick(Object.values(events));
  const bytes = Buffer.from(body ?? JSON.stringify(makeEvent(world)));
  const signature = sign(bytes, secret ?? canaries.webhookSecret);
  world.watchSignature(signature);
  const isBase64Encoded = random.chance(0.5) || !bytes.equals(Buffer.from(bytes.toString('utf8')));
  await world.invoke('receive-webhook', {
    headers: headers?.(signature) ?? { [header]: signature },
    body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  });
}

/** Fails every call for a queue with words that quote all there is. */
function breakQueue(world: World, broken: string, name = 'InternalFailure'): void {
  world.queueFault = (queue) =>
    queue === broken ? world.failure(name, `Cannot store: ${world.everything()}`) : undefined;
}

const queued: readonly Path[] = Object.entries(events).map(([name, makeEvent]) =>
  path(`webhook: ${name}`, ['webhook queued'], (world) =>
    post(world, { body: JSON.stringify(makeEvent(world)) }),
  ),
);

const unreadable: Readonly<Record<string, (world: World) => string | Buffer>> = {
  'no JSON': ({ canaries: { text, phone } }) => `{"text":"${text}","sender":"${phone}`,
  'no UTF-8': ({ canaries: { text } }) => Buffer.concat([Buffer.from([0xff, 0xfe, 0]), Buffer.from(text)]),
  'too deep': ({ canaries: { text } }) => `${'['.repeat(100)}${JSON.stringify(text)}${']'.repeat(100)}`,
};

const badHeaders: Readonly<Record<string, (world: World, signature: string) => object>> = {
  'no signature': () => ({}),
  'a doubled signature': (_, signature) => ({ [header]: `${signature},${signature}` }),
  'a signature cut off': (_, signature) => ({ [header]: signature.slice(0, -2) }),
  'a secret for a signature': ({ canaries }) => ({ [header]: canaries.webhookSecret }),
  'a signature under another name': (_, signature) => ({ 'X-Signature': signature }),
};

export const webhookPaths: readonly Path[] = [
  ...queued,
  ...Object.entries(unreadable).map(([name, makeBody]) =>
    path(`webhook: ${name}`, ['webhook queued'], (world) => post(world, { body: makeBody(world) })),
  ),
  ...Object.entries(badHeaders).map(([name, makeHeaders]) =>
    path(`webhook: ${name}`, ['webhook signature-missing'], (world) =>
      post(world, { headers: (signature) => makeHeaders(world, signature) }),
    ),
  ),
  path('webhook: forged', ['webhook signature-wrong'], (world) => post(world, { secret: 'of a forger' })),
  path('webhook: too large', ['webhook too-large'], (world) =>
    post(world, { body: world.canaries.text.repeat(20_000) }),
  ),
  path('webhook: rotated secret', ['webhook queued'], async (world) => {
    world.webhookSecret = world.canaries.otherSecret;
    await post(world, { secret: world.canaries.otherSecret });
    world.webhookSecret = JSON.stringify([world.canaries.otherSecret, world.canaries.webhookSecret]);
    await world.clock.advance(60_000);
    await post(world);
  }),
  path('webhook: no Secrets Manager', ['webhook secret-unavailable secret-unavailable'], (world) => {
    world.webhookSecret = undefined;
    return post(world);
  }),
  path('webhook: no secret', ['webhook secret-unavailable secret-not-set'], (world) => {
    world.webhookSecret = ' \n';
    return post(world);
  }),
  ...[
    ({ canaries }: World) => `["${canaries.webhookSecret}"`,
    ({ canaries }: World) => `["${canaries.webhookSecret}", {"old": "${canaries.otherSecret}"}]`,
    ({ canaries }: World) => `[["${canaries.webhookSecret}"]]`,
    // A parser quotes what it stumbles over.
    ({ canaries }: World) => `[${canaries.webhookSecret}]`,
  ].map((makeSecret, index) =>
    path(`webhook: malformed secret ${index + 1}`, ['webhook secret-unavailable secret-invalid'], (world) => {
      world.webhookSecret = makeSecret(world);
      return post(world);
    }),
  ),
  path(
    'webhook: stale secret',
    ['secret-served-stale secret-unavailable', 'webhook secret-stale'],
    async (world) => {
      await post(world);
      world.webhookSecret = undefined;
      await world.clock.advance(6 * 60_000);
      await post(world, { secret: 'of a forger' });
    },
  ),
  path(
    'webhook: stale secret that a malformed one covers',
    ['secret-served-stale secret-invalid', 'webhook queued'],
    async (world) => {
      await post(world);
      world.webhookSecret = `["${world.canaries.otherSecret}`;
      await world.clock.advance(6 * 60_000);
      await post(world);
    },
  ),
  ...['InternalFailure', 'ThrottlingException', 'TypeError', 'AbortError'].map((name) =>
    path(`webhook: queue fails with ${name}`, ['webhook queue-unavailable'], (world) => {
      breakQueue(world, urls.EVENTS_QUEUE_URL, name);
      return post(world);
    }),
  ),
  path('webhook: queue does not confirm', ['webhook queue-unavailable queue-unconfirmed'], (world) => {
    world.isUnconfirmed = true;
    return post(world);
  }),
  path('webhook: status that cannot be reported', ['status-unreported', 'webhook queued'], (world) => {
    breakQueue(world, urls.OUTCOMES_QUEUE_URL);
    return post(world, { body: JSON.stringify(statusOf(world)) });
  }),
  path('webhook: no event at all', ['receive-webhook failed'], async (world) => {
    await world.invoke('receive-webhook', null);
  }),
];
