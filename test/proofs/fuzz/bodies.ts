import { gzipSync } from 'node:zlib';
import type { Random } from '../harness/random.ts';
import { makeText } from './texts.ts';
import { makeVendorEvent } from './vendor-events.ts';

/** The body of a webhook request: mostly what the vendor sends, else whatever else can come over a wire. */
export function makeBody(random: Random): Buffer {
  if (random.chance(0.65)) return Buffer.from(makeVendorEvent(random));
  return random.pick(kinds)(random);
}

const limitBytes = 512 * 1024;

const kinds: readonly ((random: Random) => Buffer)[] = [
  hostileJson,
  hostileJson,
  (random) => Buffer.from(nested(random)),
  (random) => brokenJson(makeVendorEvent(random), random),
  (random) => random.bytes(random.int(200)),
  (random) => Buffer.concat([Buffer.from(makeVendorEvent(random)), random.pick(notUtf8)]),
  (random) => Buffer.concat([random.pick(byteOrderMarks), Buffer.from(makeVendorEvent(random))]),
  (random) => Buffer.from(makeVendorEvent(random), random.pick(['utf16le', 'latin1'])),
  (random) => (random.chance(0.1) ? gzipSync(makeVendorEvent(random), { level: 1 }) : gzipped),
  (random) => (random.chance(0.02) ? nearTheLimit(random) : Buffer.from(JSON.stringify(makeText(random)))),
  () => Buffer.alloc(0),
];

const gzipped = gzipSync('{"message":{"text":"compressed"}}');

const byteOrderMarks: readonly Buffer[] = [
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]),
];

/** Overlong forms, halves of surrogate pairs, lone continuations, cut sequences, beyond U+10FFFF. */
const notUtf8: readonly Buffer[] = [
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0x80],
  [0xff],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x91],
  [0xf4, 0x90, 0x80, 0x80],
].map((bytes) => Buffer.from(bytes));

const templates: readonly string[] = [
  '{"__proto__":{"polluted":$}}',
  '{"constructor":{"prototype":{"polluted":$}}}',
  '{"message":{"__proto__":{"polluted":$},"id":"x"}}',
  '{"callbackData":{"relay":{"v":1,"id":"a","__proto__":{"polluted":1}},"data":{"__proto__":{"polluted":$}}}}',
  '{"callbackData":{"__proto__":{"relay":{"v":1,"id":"forged"}},"data":$}}',
  '{"event":$,"raw":"AAAA","id":"forged","topic":"forged","receivedAt":"1970-01-01T00:00:00.000Z"}',
  '{"id":1,"id":$,"message":{"id":"a","id":"b"}}',
  '{"statusUpdate":{"id":$,"status":$}}',
  '{"topic":$,"message":{"id":$}}',
  '{"report":{"id":$,"last_run":{"id":$}}}',
  '{"toString":$,"valueOf":$,"toJSON":$,"then":$,"hasOwnProperty":$}',
  '{"amount":12345678901234567890.000000001,"zero":-0,"huge":1e400,"tiny":1E-400,"x":$}',
  ' \t\r\n{ "text" : $ , "list" : [ $ , [ ] , { } ] }\r\n',
  '{"":$}',
  '{$:1}',
  '[$,$]',
  '$',
  'null',
  'true',
  '-0.0e+0',
  '[]',
  '{}',
  '[{"message":{"id":"x"}}]',
];

function hostileJson(random: Random): Buffer {
  const text = random.pick(templates).replaceAll('$', () => JSON.stringify(makeText(random)));
  return Buffer.from(text);
}

/** Depths around the one up to which bodies are looked into, and far beyond what a recursive parser survives. */
function nested(random: Random): string {
  const depth = random.chance(0.01) ? random.pick([1000, 20_000]) : 60 + random.int(10);
  const text = JSON.stringify(makeText(random));
  return random.chance(0.5)
    ? '['.repeat(depth) + text + ']'.repeat(depth)
    : '{"a":'.repeat(depth) + text + '}'.repeat(depth);
}

function brokenJson(json: string, random: Random): Buffer {
  const at = random.int(json.length + 1);
  const text = random.pick([
    json.slice(0, at),
    json + random.pick(['}', ',', 'x', '\0', '//', '\u2028', '\ufffe', '\u00a0']),
    json.slice(0, at) +
      random.pick(['\0', '"', '\ufffe', '\\x', "'", '/**/', '\u0001', 'NaN']) +
      json.slice(at),
    json.replaceAll('"', "'"),
    '',
    'undefined',
    'topic=messages&text=hello',
  ]);
  return Buffer.from(text);
}

/** Around 512 KiB; also of characters that grow when they are escaped, or that are copied into the envelope. */
function nearTheLimit(random: Random): Buffer {
  const size = limitBytes - 20 + random.int(40);
  const [head, unit, tail] = random.pick([
    ['{"t":"', 'a', '"}'],
    ['{"t":"', '\uffff', '"}'],
    ['{"callbackData":{"relay":{"v":1},"data":"', '\ufffe', '"}}'],
    ['[', '[', ''],
    ['', '\0', ''],
  ] as const);
  const unitBytes = Buffer.byteLength(unit);
  const units = Math.floor((size - head.length - tail.length) / unitBytes);
  const padding = ' '.repeat(size - head.length - tail.length - units * unitBytes);
  return Buffer.from(head + unit.repeat(units) + tail + padding);
}
