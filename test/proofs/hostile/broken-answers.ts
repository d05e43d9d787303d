// Answers that are wrong in a way of their own, and what the sender must make of each.
import { gzipSync } from 'node:zlib';
import { afterRequest, answering, type HostileCase } from './hostile-case.ts';
import { encode } from './oracle.ts';
import { type Verdict, vendorId } from './task.ts';

const created = 'HTTP/1.1 201 Created\r\n';
const body = `{"id":"${vendorId}"}`;
const whole = encode({ status: 201, says: 'id', framing: 'length' }).bytes;
const withLength = `Content-Length: ${body.length}\r\n`;
const chunked = 'Transfer-Encoding: chunked\r\n';

/** Written after the request, then held until the deadline. */
function held(name: string, bytes: string | Buffer, ...verdicts: readonly Verdict[]): HostileCase {
  return { name, play: answering(bytes), expected: [verdicts], requests: 1, endsByDeadline: true };
}

/** Written after the request; it says itself where it ends, or breaks the rules so that nobody waits for more. */
function written(name: string, bytes: string | Buffer, ...verdicts: readonly Verdict[]): HostileCase {
  return { name, play: answering(bytes), expected: [verdicts], requests: 1 };
}

/** Written after the request, then closed. */
function closed(name: string, bytes: string | Buffer, ...verdicts: readonly Verdict[]): HostileCase {
  const play = afterRequest(async (wire) => {
    await wire.write(bytes);
    wire.end();
  });
  return { name, play, expected: [verdicts], requests: 1 };
}

function dripping(name: string, before: string, piece: string, ...verdicts: readonly Verdict[]): HostileCase {
  const play = afterRequest(async (wire) => {
    await wire.write(before);
    await wire.drip(piece);
  });
  return { name, play, expected: [verdicts], requests: 1, endsByDeadline: true };
}

export const drips: readonly HostileCase[] = [
  held('nothing at all', '', 'unclear'),
  dripping('blank lines before the status line', '', '\r\n', 'unclear'),
  dripping('the status line, a letter at a time', 'HTTP/1.1 201 ', 'C', 'unclear'),
  dripping('a header without an end', `${created}A: `, 'x', 'unclear'),
  dripping('one header after the other', created, 'A: b\r\n', 'unclear'),
  dripping('interim answers without an end', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'unclear'),
  dripping('the body of a length', `${created}Content-Length: 99999\r\n\r\n`, ' ', 'unclear'),
  dripping('the body until the connection closes', `${created}\r\n`, ' ', 'unclear'),
  dripping('chunk after chunk', `${created}${chunked}\r\n`, '1\r\n \r\n', 'unclear'),
  dripping('the size of a chunk', `${created}${chunked}\r\n`, '0', 'unclear'),
  dripping('an extension of a chunk', `${created}${chunked}\r\n1;a=`, 'x', 'unclear'),
  dripping('trailers', `${created}${chunked}\r\n1\r\n \r\n0\r\n`, 'A: b\r\n', 'unclear'),
  dripping('the body of a refusal', 'HTTP/1.1 400 Bad\r\n\r\n', ' ', 'refused'),
  dripping('the body of a 429', 'HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n\r\n', ' ', 'not sent'),
  dripping('the body of a 500', 'HTTP/1.1 500 Oh\r\n\r\n', ' ', 'unclear'),
  dripping('the body of a redirect', 'HTTP/1.1 302 Moved\r\nLocation: /x\r\n\r\n', ' ', 'turned down'),
  held('a body that stops', `${created}${withLength}\r\n{"id":`, 'unclear'),
  {
    name: 'nothing to a read',
    calls: ['read'],
    play: answering(''),
    expected: [['unclear']],
    requests: 1,
    endsByDeadline: true,
  },
  {
    name: 'slowly, but whole within the deadline',
    play: afterRequest(async (wire) => {
      for (const byte of whole) {
        if (!(await wire.write(Buffer.of(byte)))) return;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }),
    expected: [['accepted']],
    requests: 1,
  },
];

export const interim: readonly HostileCase[] = [
  ...[100, 102, 103, 199].map((status) =>
    written(
      `2,000 times ${status}, then 201`,
      `HTTP/1.1 ${status} Wait\r\n\r\n`.repeat(2_000) + whole.toString('latin1'),
      'accepted',
    ),
  ),
  written(
    '101 to something that nobody asked for',
    'HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'unclear',
  ),
  closed('100 and nothing more', 'HTTP/1.1 100 Continue\r\n\r\n', 'unclear'),
];

export const wrongLengths: readonly HostileCase[] = [
  closed('a length beyond the body', `${created}Content-Length: 1000\r\n\r\n${body}`, 'unclear'),
  written(
    'a length short of the body',
    `${created}Content-Length: 2\r\n\r\n{}${body}`,
    'accepted without an id',
  ),
  written('a length of 0 before a body', `${created}Content-Length: 0\r\n\r\n${body}`, 'unclear'),
  written('two lengths', `${created}Content-Length: 2\r\n${withLength}\r\n${body}`, 'unclear'),
  written('a negative length', `${created}Content-Length: -1\r\n\r\n${body}`, 'unclear'),
  written('a length that is no number', `${created}Content-Length: many\r\n\r\n${body}`, 'unclear'),
  written('a length beyond 64 bits', `${created}Content-Length: ${'9'.repeat(30)}\r\n\r\n${body}`, 'unclear'),
  closed('a length beyond 2^53', `${created}Content-Length: 9007199254740993\r\n\r\n${body}`, 'unclear'),
  written('a length and chunks', `${created}${withLength}${chunked}\r\n1\r\n \r\n0\r\n\r\n`, 'unclear'),
  closed('no length, until the connection closes', `${created}\r\n${body}`, 'accepted'),
  written('204 with a body', `HTTP/1.1 204 None\r\n${withLength}\r\n${body}`, 'unclear'),
];

export const badChunks: readonly HostileCase[] = (
  [
    ['a size that is no number', 'zz\r\nabc'],
    ['a negative size', '-1\r\na'],
    ['a size beyond 64 bits', `${'f'.repeat(30)}\r\na`],
    ['no line end after a chunk', '1\r\nabc\r\n0\r\n\r\n'],
    ['a body that is not chunked', body],
    ['a trailer that is no header', '0\r\n\0\r\n\r\n'],
    ['an extension of 20 kB', `1;a=${'x'.repeat(20_000)}\r\n \r\n0\r\n\r\n`],
  ] as const
).flatMap(([name, bytes]) => [
  closed(name, `${created}${chunked}\r\n${bytes}`, 'unclear'),
  closed(`${name}, in a refusal`, `HTTP/1.1 400 Bad\r\n${chunked}\r\n${bytes}`, 'refused'),
]);

/** Bodies in which no object of Connectly's can be read. */
const unreadable = [
  ['gzip that is none', 'Content-Encoding: gzip\r\n', Buffer.from([0x1f, 0x8b, 0xff, 0xff])],
  ['gzip', 'Content-Encoding: gzip\r\n', gzipSync(body)],
  ['gzip that breaks off', 'Content-Encoding: gzip\r\n', gzipSync(body).subarray(0, 15)],
  ['a bomb of gzip', 'Content-Encoding: gzip\r\n', gzipSync(Buffer.alloc(20_000_000))],
  ['an encoding that nobody knows', 'Content-Encoding: x\r\n', Buffer.from('\x00\x01')],
  [
    'a charset that does not fit',
    'Content-Type: application/json; charset=utf-16\r\n',
    Buffer.from('{}', 'utf16le'),
  ],
  ['nothing', '', Buffer.alloc(0)],
  ['half of an object', '', Buffer.from('{"id":')],
  ['an array', '', Buffer.from(`["${vendorId}"]`)],
  ['null', '', Buffer.from('null')],
  ['a page of HTML', 'Content-Type: text/html\r\n', Buffer.from('<html>')],
  ['bytes that are not UTF-8', '', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['brackets 30,000 deep', '', Buffer.from('['.repeat(30_000) + ']'.repeat(30_000))],
  ['a byte more than is read', '', Buffer.from(`{"id":"${vendorId}","x":"${'x'.repeat(64 * 1024)}"}`)],
] as const;

/** Objects without anything that is an id or a code. */
const strange = [
  ['an id that is a number', '', Buffer.from('{"id":1}')],
  ['an id that is no id', '', Buffer.from('{"id":"<script>"}')],
  ['an id of 10 kB', '', Buffer.from(`{"id":"${'x'.repeat(10_000)}"}`)],
  ['an id that only its prototype has', '', Buffer.from(`{"__proto__":{"id":"${vendorId}"}}`)],
  ['codes that only objects have', '', Buffer.from('{"code":"constructor","cntTraceId":{"toString":1}}')],
] as const;

export const bodies: readonly HostileCase[] = [
  ...unreadable.flatMap((each) => inAnswers(each, 'unclear')),
  ...strange.flatMap((each) => inAnswers(each, 'accepted without an id')),
];

function inAnswers(
  [name, headers, bytes]: readonly [string, string, Buffer],
  with201: Verdict,
): readonly HostileCase[] {
  const fields = `${headers}Content-Length: ${bytes.length}\r\n\r\n`;
  const answerOf = (status: number) =>
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Words\r\n${fields}`), bytes]);
  return [
    written(`${name}, with 201`, answerOf(201), with201),
    written(`${name}, with 400`, answerOf(400), 'refused'),
    written(`${name}, with 429`, answerOf(429), 'not sent'),
    written(`${name}, with 502`, answerOf(502), 'unclear'),
  ];
}

export const notHttp: readonly HostileCase[] = (
  [
    ['an alert of TLS', Buffer.from('15030300020228', 'hex')],
    ['a handshake of TLS', Buffer.from('160303003a020000360303', 'hex')],
    ['frames of HTTP/2', Buffer.from('000000040000000000', 'hex')],
    ['the preface of HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['the greeting of another protocol', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['a request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['zero bytes', Buffer.alloc(5_000)],
    ['a status that is no number', Buffer.from('HTTP/1.1 abc OK\r\n\r\n')],
    ['a status of two digits', Buffer.from('HTTP/1.1 20 OK\r\n\r\n')],
    ['a line feed instead of a status', Buffer.from('HTTP/1.1 \n201 Created\r\n\r\n')],
    ['a version that nobody knows', Buffer.from(`HTTP/9.9 201 Created\r\n${withLength}\r\n${body}`)],
    ['a header without a colon', Buffer.from(`${created}Content-Length\r\n\r\n`)],
    ['a zero byte in a header', Buffer.from(`${created}A: \0\r\n\r\n`)],
    ['a header of 20 kB', Buffer.from(`${created}A: ${'x'.repeat(20_000)}\r\n\r\n`)],
    ['10,000 headers', Buffer.from(`${created}${'A: b\r\n'.repeat(10_000)}\r\n`)],
  ] as const
).flatMap(([name, bytes]) => [
  closed(name, bytes, 'unclear'),
  {
    ...closed(`${name}, in place of the handshake`, bytes, 'not sent'),
    requests: 0,
    urlOf: overTls,
    play: beforeRequest(bytes),
  },
]);

export const noHandshake: readonly HostileCase[] = [
  {
    name: 'no word in the handshake',
    play: (wire) => wire.gone,
    expected: [['not sent']],
    requests: 0,
    urlOf: overTls,
    endsByDeadline: true,
  },
  {
    name: 'a reset in the handshake',
    play: async (wire) => wire.reset(),
    expected: [['not sent']],
    requests: 0,
    urlOf: overTls,
  },
  {
    name: 'an end in the handshake',
    play: async (wire) => wire.end(),
    expected: [['not sent']],
    requests: 0,
    urlOf: overTls,
  },
];

function overTls(port: number): string {
  return `https://127.0.0.1:${port}`;
}

function beforeRequest(bytes: Buffer): HostileCase['play'] {
  return async (wire) => {
    await wire.write(bytes);
    wire.end();
  };
}
