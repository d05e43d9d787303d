import { type InboundSpec, inboundEvent } from '../../../connectly-events/inbound-event.ts';
import { errorBody, Refusal } from '../../../connectly-events/refusals.ts';
import { deliveryStatuses, statusEvent } from '../../../connectly-events/status-event.ts';
import type { Random } from '../harness/random.ts';
import { makeId, makeText } from './texts.ts';

/** An event shaped like one of the vendor's, as a JSON text: compact, indented or with everything escaped. */
export function makeVendorEvent(random: Random): string {
  const event: Record<string, unknown> = random.pick(kinds)(random);
  if (random.chance(0.3)) event['callbackData'] = makeCallbackData(random);
  if (random.chance(0.1)) event[makeText(random)] = makeText(random);
  return style(event, random);
}

const kinds: readonly ((random: Random) => Record<string, unknown>)[] = [
  (random) => inbound({ text: makeText(random), bare: true }, random),
  (random) => inbound({ text: makeText(random), withTopic: true }, random),
  (random) => {
    const type = random.pick(['image', 'audio', 'sticker']);
    const url = `https://cdn.example.com/${random.int(1e9)}`;
    return inbound({ kind: 'media', attachment: { type, url } }, random);
  },
  (random) =>
    inbound(
      { kind: 'location', location: { latitude: random.int(180) - 90 + 0.125, longitude: -0 } },
      random,
    ),
  (random) => inbound({ kind: 'button', text: makeText(random), payload: makeText(random) }, random),
  (random) =>
    inbound(
      { kind: 'report', report: { id: someId, last_run: { id: someId, url: makeText(random) } } },
      random,
    ),
  makeStatus,
  makeStatus,
  (random) => ({
    topic: random.chance(0.5) ? makeText(random) : random.int(10),
    payload: [makeText(random)],
  }),
];

/** Stands where an id is made up, of whatever type, once the event is built. */
const someId = 'some id';

function inbound(spec: InboundSpec, random: Random): Record<string, unknown> {
  const { body } = inboundEvent(
    { from: makeNumber(random), ...(random.chance(0.5) && { name: makeText(random) }), ...spec },
    { now: makeTime(random), newId: () => someId, businessNumber: makeNumber(random) },
  );
  return withIds(body, random);
}

function makeStatus(random: Random): Record<string, unknown> {
  const event = statusEvent({
    message: {
      id: someId,
      businessNumber: makeNumber(random),
      recipient: makeNumber(random),
      send: { channelType: 'whatsapp' },
    },
    status: random.pick(deliveryStatuses),
    error: random.chance(0.2) ? errorBody(new Refusal(makeText(random)), () => 0) : null,
    at: makeTime(random),
  });
  const status = random.chance(0.9) ? {} : { status: makeText(random) };
  return withIds(JSON.stringify({ ...event, statusUpdate: { ...event.statusUpdate, ...status } }), random);
}

function withIds(json: string, random: Random): Record<string, unknown> {
  return JSON.parse(json, (_name, value: unknown) => (value === someId ? makeId(random) : value));
}

/** Epoch milliseconds. */
function makeTime(random: Random): number {
  return 1_639_000_000_000 + random.int(100_000_000) * 1000;
}

function makeNumber(random: Random): string {
  return `+1${2_000_000_000 + random.int(1_000_000_000)}`;
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
