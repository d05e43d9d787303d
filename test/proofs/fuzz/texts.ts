import type { Random } from '../harness/random.ts';

/** Pieces of text that have broken somebody's parser, encoder, queue or log. */
const pieces: readonly string[] = [
  'a',
  'Hello!',
  ' ',
  '+16315555500',
  'olá',
  'Ünïcödé',
  'こんにちは',
  'مرحبا',
  '👋🏽',
  '👨‍👩‍👧‍👦',
  '\u{10ffff}',
  '\u{1fffe}',
  'e\u0301',
  '\u0000',
  '\u0001\u001f',
  '\t\r\n',
  '\u007f\u0085',
  '\u00a0\u200b\u200f\u202e',
  '\u2028\u2029',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '\ufffe\uffff\ufffe',
  '\ud800',
  '\udc00',
  '\udfff\ud800',
  '\\ufffe',
  '\\',
  '"',
  '\\"',
  '","event":null,"x":"',
  '}',
  '{"event":1}',
  '<script>',
  '${jndi:ldap://x}',
  '\u001b[31m',
  '__proto__',
  'constructor',
  '%00',
  'null',
  '0',
];

/** Text of up to a few dozen characters, often none; it may hold lone surrogates and what SQS refuses. */
export function makeText(random: Random): string {
  let text = '';
  for (let left = random.int(4); left > 0; left--) text += random.pick(pieces);
  return random.chance(0.1) ? text + String.fromCodePoint(random.int(0x110000)) : text;
}

/** A ULID as the vendor uses them, now and then something else. */
export function makeId(random: Random): unknown {
  if (random.chance(0.85)) {
    let id = '01';
    for (let left = 24; left > 0; left--) id += '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[random.int(32)];
    return id;
  }
  return random.pick<unknown>(['', 'x'.repeat(129), 7, null, {}, [], makeText(random), true]);
}
