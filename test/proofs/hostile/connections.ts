// Answers that come too early, and connections that are used a second time.
import { afterRequest, type HostileCase } from './hostile-case.ts';
import { encode } from './oracle.ts';
import type { Wire } from './wire.ts';

const accepted = encode({ status: 201, says: 'id', framing: 'length' }).bytes;
const refused = encode({ status: 400, says: 'refused-code', framing: 'length' }).bytes;
const pause = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Answers at once, and reads nothing of the request. */
const early =
  (bytes: Buffer, leave: (wire: Wire) => unknown): HostileCase['play'] =>
  async (wire) => {
    wire.stopReading();
    await wire.write(bytes);
    await leave(wire);
  };

/** The request may be under way when the connection goes: then nobody can know, and nobody may say "not sent". */
export const earlyAnswers: readonly HostileCase[] = [false, true].flatMap(
  (isLarge): readonly HostileCase[] => {
    const size = isLarge ? ', to a large request' : '';
    return [
      {
        name: `201 before the request${size}`,
        play: early(accepted, (wire) => wire.gone),
        expected: [['accepted', 'unclear']],
        isLarge,
      },
      {
        name: `400 before the request${size}`,
        play: early(refused, (wire) => wire.gone),
        expected: [['refused by its code', 'unclear']],
        isLarge,
      },
      {
        name: `201 before the request, then an end${size}`,
        play: early(accepted, (wire) => wire.end()),
        expected: [['accepted', 'unclear']],
        isLarge,
      },
      {
        name: `201 before the request, then a reset${size}`,
        play: early(accepted, (wire) => wire.reset()),
        expected: [['accepted', 'unclear', 'not sent']],
        isLarge,
      },
      {
        name: `an end before the request${size}`,
        play: early(Buffer.alloc(0), (wire) => wire.end()),
        expected: [['unclear']],
        isLarge,
      },
      {
        name: `a reset before the request${size}`,
        play: early(Buffer.alloc(0), (wire) => wire.reset()),
        expected: [['unclear', 'not sent']],
        isLarge,
      },
    ];
  },
);

/** Two sends one after the other over what may be one connection; each may reach the host once at most. */
export const reusedConnections: readonly HostileCase[] = [
  twice('a reset after the second request', [['accepted'], ['unclear']], async (wire) => {
    await wire.write(accepted);
    if (await wire.request()) wire.reset();
  }),
  twice('an end after the second request', [['accepted'], ['unclear']], async (wire) => {
    await wire.write(accepted);
    if (await wire.request()) wire.end();
  }),
  twice(
    'an end right after the first answer',
    [['accepted'], ['accepted', 'unclear', 'not sent']],
    async (wire) => {
      await wire.write(accepted);
      wire.end();
    },
  ),
  twice(
    'a reset right after the first answer',
    [['accepted'], ['accepted', 'unclear', 'not sent']],
    async (wire) => {
      await wire.write(accepted);
      wire.reset();
    },
  ),
  twice('an announced end', [['accepted'], ['accepted']], async (wire) => {
    await wire.write(
      encode({ status: 201, says: 'id', headers: ['Connection: close'], framing: 'length' }).bytes,
    );
    wire.end();
  }),
  // The second answer was there before its request: it answers nothing.
  twice('two answers at once', [['accepted'], ['unclear', 'accepted']], async (wire) => {
    await wire.write(Buffer.concat([accepted, refused]));
    if (await wire.request()) wire.end();
    else await wire.gone;
  }),
  unasked('400', refused),
  unasked('408', encode({ status: 408, framing: 'length' }).bytes),
  unasked('201', accepted),
  {
    name: 'a reset of the first, an answer to the second',
    calls: ['send', 'send'],
    play: afterRequest(async (wire, connection) => {
      if (connection === 1) wire.reset();
      else await wire.write(accepted);
    }),
    expected: [['unclear'], ['accepted']],
    requests: 2,
  },
];

function twice(name: string, expected: HostileCase['expected'], play: HostileCase['play']): HostileCase {
  return { name, calls: ['send', 'send'], play: afterRequest(play), expected };
}

/** What proxies say before they close a connection that rests. Taken for an answer, it would settle the next message. */
function unasked(status: string, bytes: Buffer): HostileCase {
  const name = `an answer that nobody asked for while the connection rests (${status})`;
  const play = twice(name, [['accepted'], ['accepted']], async (wire, connection) => {
    await wire.write(accepted);
    await pause(10);
    if (connection === 1) await wire.write(bytes);
    if (await wire.request()) await wire.write(accepted);
  });
  return { ...play, restMs: 100, requests: 2 };
}
