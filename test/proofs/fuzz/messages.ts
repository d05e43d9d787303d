import { createRandom, type Random } from '../harness/random.ts';
import { makeBody } from './bodies.ts';
import { makeText } from './texts.ts';

/** The body of a message on the sends queue, with this number in the run with this seed: valid, or spoiled. */
export function makeMessage(seed: number, index: number): string {
  // Streams far from those of the other parts.
  const random = createRandom(seed, 0x2000_0000 + index);
  // A queue carries text: what is no text in UTF-8 does not come.
  if (random.chance(0.05)) return makeBody(random).toString();
  const message = makeValidMessage(random);
  if (random.chance(0.5)) for (let left = 1 + random.int(2); left > 0; left--) spoil(message, random);
  return written(message, random);
}

type Json = Record<string, unknown>;

function makeValidMessage(random: Random): Json {
  const message: Json = random.pick(kinds)(random);
  message['to'] = random.pick(['+15555555555', '+4915112345678', 'US.1349', '+16044441111']);
  for (const [name, make] of Object.entries(common)) if (random.chance(0.15)) message[name] = make(random);
  return message;
}

const common: Readonly<Record<string, (random: Random) => unknown>> = {
  id: (random) => random.pick(['order-42', 'x'.repeat(128), '!~', `a${random.int(1e9)}`]),
  from: () => '+16315555500',
  businessId: (random) => random.pick(['b-1', 'f1980bf7', 'x'.repeat(128)]),
  ifUnclear: (random) => random.pick(['hold', 'settle', 'resend']),
  expiresAt: (random) =>
    new Date(Date.now() + random.pick([-1, 1, 24, 71, 73]) * 3_600_000 - random.int(1000)).toISOString(),
  callbackData: (random) =>
    random.pick<unknown>([null, 7, 'x'.repeat(900 + random.int(150)), { order: makeText(random) }, [[[]]]]),
};

const kinds: readonly ((random: Random) => Json)[] = [
  (random) => ({ type: 'text', text: filled(random) }),
  (random) => ({
    type: 'template',
    templateName: filled(random),
    language: 'en',
    parameters: Array.from({ length: random.int(4) }, (_, n) => ({
      name: `body_${n + 1}`,
      value: makeText(random),
      ...(random.chance(0.2) && { filename: filled(random) }),
    })),
  }),
  (random) => ({ type: 'session', message: { text: filled(random) } }),
  (random) => ({
    type: 'session',
    message: {
      attachments: [
        {
          type: random.pick(['image', 'video', 'audio', 'document']),
          url: 'https://files.example.com/a.pdf',
          caption: makeText(random),
        },
      ],
    },
  }),
  (random) => ({
    type: 'session',
    message: {
      location: {
        latitude: random.int(181) - 90,
        longitude: random.int(361) - 180.5 + 0.5,
        name: makeText(random),
      },
    },
  }),
  (random) => ({
    type: 'session',
    message: {
      text: filled(random),
      replyButtonMessage: {
        buttons: Array.from({ length: 1 + random.int(3) }, (_, n) => ({ id: `b${n}`, text: `Yes ${n}` })),
        ...(random.chance(0.3) && { header: { text: 'Header' }, footer: { text: 'Footer' } }),
      },
    },
  }),
  (random) => ({
    type: 'session',
    message: {
      text: filled(random),
      listMessage: {
        button: { text: 'Choose' },
        sections: Array.from({ length: 1 + random.int(3) }, (_, section) => ({
          title: `Section ${section}`,
          rows: Array.from({ length: 1 + random.int(3) }, (__, row) => ({
            id: `r${section}-${row}`,
            text: `Row ${section} ${row}`,
          })),
        })),
      },
    },
  }),
];

const filled = (random: Random) => `Hello ${makeText(random)}`;

/** What stands where something else is expected. */
const odd: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => '',
  () => 0,
  () => true,
  () => [],
  () => ({}),
  () => -1e300,
  (random) => makeText(random),
  (random) => filled(random).repeat(400),
  (random) => Array.from({ length: random.pick([1, 4, 11, 1001]) }, () => ({})),
  () => [[]],
  () => ({ name: 'x' }),
  (random) => nested(60 + random.int(10)),
  () => '+15555555555\n',
  () => '../x',
];

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let left = depth; left > 0; left--) value = left % 2 === 0 ? [value] : { a: value };
  return value;
}

const oddNames = [
  '__proto__',
  'constructor',
  'toString',
  'txt',
  'To',
  '',
  'then',
  'parameters',
  'message',
  'text',
  'location',
  'attachments',
  'channelType',
  'poll',
];

/** Changes one place, at any depth. */
function spoil(message: Json, random: Random): void {
  let place: unknown = message;
  for (;;) {
    if (typeof place !== 'object' || place === null) return;
    const names = Object.keys(place);
    if (names.length === 0 || random.chance(0.1))
      return set(place, random.pick(oddNames), random.pick(odd)(random));
    const name = random.pick(names);
    const inner: unknown = Reflect.get(place, name);
    if (typeof inner === 'object' && inner !== null && random.chance(0.7)) {
      place = inner;
      continue;
    }
    if (random.chance(0.25)) Reflect.deleteProperty(place, name);
    else set(place, name, random.pick(odd)(random));
    return;
  }
}

/** As a member of its own, whatever its name. */
function set(place: object, name: string, value: unknown): void {
  Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The ways in which one thing can be written, and some in which it cannot. */
function written(message: Json, random: Random): string {
  const json = JSON.stringify(message);
  if (random.chance(0.85)) return json;
  const at = random.int(json.length + 1);
  return random.pick([
    JSON.stringify(message, undefined, 2),
    ` \r\n\t${json}\n`,
    `\ufeff${json}`,
    `${json}\u00a0`,
    json.slice(0, at),
    json.slice(0, at) + random.pick(['\u0000', '"', '\\', ',', '\ud83d', '1e999', ' ']) + json.slice(at),
    json.replace(/\d+/, '12345678901234567890'),
    json.replace('{', '{"type":"text",'),
    `[${json}]`,
    `${json}${json}`,
    `${json}\n${json}`,
  ]);
}
