import type { Random } from './random.ts';
import { makeId, makeText } from './texts.ts';

/** An event shaped like one of the vendor's, as a JSON text: compact, indented or with everything escaped. */
export function makeVendorEvent(random: Random): string {
  const event: Record<string, unknown> = { timestamp: String(1_639_000_000 + random.int(100_000_000)) };
  event['sender'] = makeParty(random);
  event['recipient'] = makeParty(random);
  Object.assign(event, random.pick(kinds)(random));
  if (random.chance(0.3)) event['callbackData'] = makeCallbackData(random);
  if (random.chance(0.1)) event[makeText(random)] = makeText(random);
  return style(event, random);
}

const kinds: readonly ((random: Random) => Record<string, unknown>)[] = [
  (random) => ({ message: { text: makeText(random) } }),
  (random) => ({
    topic: 'messages',
    message: { id: makeId(random), text: makeText(random), attachments: [] },
  }),
  (random) => ({
    message: {
      id: makeId(random),
      attachments: [
        {
          type: random.pick(['image', 'audio', 'sticker']),
          url: `https://cdn.example.com/${random.int(1e9)}`,
        },
      ],
      location: random.chance(0.5) ? null : { latitude: random.int(180) - 90 + 0.125, longitude: -0 },
    },
  }),
  (random) => ({ buttonResponse: { id: makeId(random), text: makeText(random), payload: makeText(random) } }),
  (random) => ({
    topic: 'delivery_status',
    statusUpdate: {
      id: makeId(random),
      status: random.chance(0.9) ? random.pick(['sent', 'delivered', 'read', 'failed']) : makeText(random),
      error: random.chance(0.2) ? makeText(random) : null,
    },
  }),
  (random) => ({
    topic: 'report',
    report: { id: makeId(random), last_run: { id: makeId(random), url: makeText(random) } },
  }),
  (random) => ({
    topic: random.chance(0.5) ? makeText(random) : random.int(10),
    payload: [makeText(random)],
  }),
];

function makeParty(random: Random): Record<string, unknown> {
  return {
    id: `+1${2_000_000_000 + random.int(1_000_000_000)}`,
    channelType: 'whatsapp',
    ...(random.chance(0.5) && { name: random.chance(0.2) ? null : makeText(random) }),
  };
}

function makeCallbackData(random: Random): unknown {
  if (random.chance(0.3)) return random.pick<unknown>([null, 1e308, makeText(random), [], { order: 42 }]);
  return {
    relay: {
      v: random.chance(0.9) ? 1 : random.pick<unknown>([2, '1', null]),
      ...(random.chance(0.8) && { id: random.chance(0.9) ? `order-${random.int(1e6)}` : makeText(random) }),
    },
    ...(random.chance(0.7) && {
      data: random.pick<unknown>([{ order: 42 }, makeText(random), null, [[[]]]]),
    }),
  };
}

function style(event: Record<string, unknown>, random: Random): string {
  const json = random.chance(0.15)
    ? JSON.stringify(event, null, random.pick(['  ', '\t']))
    : JSON.stringify(event);
  return random.chance(0.1) ? escapeAll(json) : json;
}

/** What is not ASCII can only stand inside strings, where an escape says the same. */
function escapeAll(json: string): string {
  return json.replaceAll(
    /[^\t\n\r -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
