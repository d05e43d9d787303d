import { createRandom, type Random } from '../harness/random.ts';
import type { HostileCase } from './hostile-case.ts';
import { type Answer, type Ending, encode, verdictsOn } from './oracle.ts';
import type { Wire } from './wire.ts';

const statuses = [
  [200, 201, 202, 226, 299, 300, 302, 307, 308],
  [400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 418, 421, 422, 425, 426, 429, 451],
  [500, 502, 503, 504, 520, 599],
].flat();
const spareHeaders = [
  'Connection: close',
  'X-Trace: 1',
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'Via: 1.1 proxy',
  'Keep-Alive: timeout=1',
];
const interims = [
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3),
];

/** The valid answers that are cut at every byte. */
const valid: readonly Answer[] = [
  { status: 201, says: 'id', framing: 'length' },
  { status: 200, says: 'id', framing: 'chunked', interim: 'HTTP/1.1 103 Early Hints\r\n\r\n' },
  { status: 201, says: 'id', framing: 'until-close' },
  { status: 400, says: 'refused-code', framing: 'length' },
  { status: 403, says: 'refused-code', framing: 'chunked' },
  { status: 429, retryAfter: true, framing: 'length' },
  { status: 503, retryAfter: true, framing: 'length' },
  { status: 500, says: 'refused-code', framing: 'length' },
  { status: 302, headers: ['Location: /elsewhere'], says: 'unknown-code', framing: 'length' },
];

/** Each valid answer, broken off after every one of its bytes, in good order and with a reset. */
export function cutEverywhere(everyNth = 1): readonly HostileCase[] {
  return valid.flatMap((answer, index) =>
    Array.from({ length: encode(answer).bytes.length + 1 }, (_, cut) => cut).flatMap((cut) =>
      (cut + index) % everyNth === 0 ? [cutCase(answer, cut, 'end'), cutCase(answer, cut, 'reset')] : [],
    ),
  );
}

function cutCase(answer: Answer, cut: number, ending: Ending, pieces = 1): HostileCase {
  const encoded = encode(answer);
  const sent = encoded.bytes.subarray(0, cut);
  // A refused key is renewed and tried once more.
  const isRepeated = answer.status === 401 && cut >= encoded.headEnd;
  return {
    name: `${answer.status} (${answer.framing}, ${answer.says ?? 'nothing'}), ${cut} of ${encoded.bytes.length} bytes in ${pieces}, then ${ending}`,
    async play(wire) {
      while (await wire.request()) {
        await writeInPieces(wire, sent, pieces);
        if (ending === 'end') wire.end();
        if (ending === 'reset') wire.reset();
      }
    },
    expected: [verdictsOn(answer, encoded, cut, ending)],
    ...(!isRepeated && { requests: 1 }),
    // What is whole ends by itself; but a body until the connection closes is never whole while that is held.
    ...(ending === 'hold' &&
      (cut < encoded.bytes.length || answer.framing === 'until-close') && { endsByDeadline: true }),
  };
}

/** A turn of the event loop between two pieces, so that they travel apart. */
async function writeInPieces(wire: Wire, bytes: Buffer, pieces: number): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let start = 0; start < bytes.length; start += size) {
    await wire.write(bytes.subarray(start, start + size));
    if (pieces > 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Answers made up of random parts, in pieces, broken off anywhere or whole. */
export function randomAnswers(count: number, seed: number): readonly HostileCase[] {
  const random = createRandom(seed, 1);
  return Array.from({ length: count }, () => randomAnswer(random));
}

function randomAnswer(random: Random): HostileCase {
  const answer: Answer = {
    interim: random.pick(interims),
    status: random.pick(statuses),
    headers: spareHeaders.filter(() => random.chance(0.3)),
    says: random.pick(['id', 'refused-code', 'unknown-code', 'nothing'] as const),
    framing: random.pick(['length', 'chunked', 'until-close'] as const),
    retryAfter: random.chance(0.3),
  };
  const { bytes } = encode(answer);
  const cut = random.chance(0.4) ? bytes.length : random.int(bytes.length);
  // The deadline costs time: it ends one in fifty.
  const ending = random.chance(0.02) ? 'hold' : random.pick(['end', 'reset'] as const);
  return cutCase(answer, cut, ending, 1 + random.int(8));
}
