import type { Random } from '../harness/random.ts';
import { makeBody } from './bodies.ts';
import { assemble, carry, signatureName, signWith } from './draft.ts';
import type { Mutation } from './signature-mutations.ts';

function withBytes(change: (bytes: Buffer, random: Random) => Buffer): Mutation {
  return (draft) => assemble(draft, { bytes: change(draft.bytes, draft.random) });
}

/** A signature over something close to the body: right for a receiver that does not hash the bytes as they came. */
function signedOver(change: (bytes: Buffer, random: Random) => Uint8Array | string): Mutation {
  return (draft) => {
    const { random, secrets, bytes } = draft;
    return assemble(draft, { signature: signWith(random.pick(secrets), change(bytes, random)) });
  };
}

function reserialise(bytes: Buffer): string {
  try {
    return JSON.stringify(JSON.parse(bytes.toString()));
  } catch {
    return bytes.toString();
  }
}

function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}

/** What can be wrong with a body, or with the way in which an event carries it. */
export const bodyMutations: Readonly<Record<string, Mutation>> = {
  'body: one bit flipped': withBytes((bytes, random) => {
    const copy = Buffer.from(bytes);
    const index = random.int(bytes.length);
    if (bytes.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << random.int(8));
    return copy;
  }),
  'body: a byte inserted': withBytes((bytes, random) => {
    const index = random.int(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, index), random.bytes(1), bytes.subarray(index)]);
  }),
  'body: a byte removed': withBytes((bytes, random) => {
    const index = random.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)]);
  }),
  'body: trailing characters': withBytes((bytes, random) =>
    Buffer.concat([bytes, Buffer.from(random.pick(['\n', '\r\n', ' ', '\0', '}', '\ufeff']))]),
  ),
  'body: a byte order mark added': withBytes((bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes])),
  'body: cut': withBytes((bytes, random) => bytes.subarray(0, random.int(bytes.length))),
  'body: of another event': (draft) => assemble(draft, { bytes: makeBody(draft.random) }),
  'body: empty, signature of a full one': (draft) => assemble(draft, { bytes: Buffer.alloc(0) }),
  'body: re-serialised': withBytes((bytes) => Buffer.from(reserialise(bytes))),
  'body: decoded and encoded again': withBytes((bytes) => Buffer.from(textOf(bytes))),
  'body: normalised': withBytes((bytes) => Buffer.from(bytes.toString().normalize('NFC'))),
  'body: other line ends': withBytes((bytes) => Buffer.from(bytes.toString().replaceAll('\n', '\r\n'))),
  'signed: the re-serialised body': signedOver(reserialise),
  'signed: the decoded body': signedOver(textOf),
  'signed: the body in base64': signedOver((bytes) => bytes.toString('base64')),
  'signed: the body as Latin-1': signedOver((bytes) => bytes.toString('latin1')),
  'signed: the trimmed body': signedOver((bytes) => bytes.toString().trim()),
  'signed: nothing': signedOver(() => ''),
  'base64 flag: turned over': (draft) => {
    const request = assemble(draft);
    return { ...request, isBase64Encoded: request.isBase64Encoded !== true };
  },
  'base64 flag: not a boolean': (draft) => ({
    ...assemble(draft),
    isBase64Encoded: draft.random.pick<unknown>(['true', 'false', 0, 1, null, {}, '']),
  }),
  'base64 flag: absent': (draft) => {
    const { isBase64Encoded: _, ...request } = assemble(draft);
    return request;
  },
  'base64: encoded twice': (draft) => ({
    ...assemble(draft),
    body: Buffer.from(draft.bytes.toString('base64')).toString('base64'),
    isBase64Encoded: true,
  }),
  'base64: not canonical': (draft) => {
    const body = draft.bytes.toString('base64');
    const spoiled = draft.random.pick([
      body.replaceAll('=', ''),
      body.replaceAll('+', '-').replaceAll('/', '_'),
      `${body}\n`,
      `${body}====`,
      `${body}AAAA`,
      body.replaceAll(/(.{76})/g, '$1\r\n'),
      `data:application/json;base64,${body}`,
      `${body}!`,
    ]);
    return { ...assemble(draft), body: spoiled, isBase64Encoded: true };
  },
  'body: text with lone surrogates': (draft) => {
    const { random, secrets } = draft;
    const body = draft.bytes.toString() + random.pick(['\ud800', '\udc00', '\udfff\ud800', '\ud83d']);
    // Whoever encodes it gets replacement characters, so a signature over those is right.
    const signed = random.chance(0.5) ? draft.signature : signWith(random.pick(secrets), body);
    return { ...assemble(draft, { signature: signed }), body, isBase64Encoded: false };
  },
  'body: not a string': (draft) => ({
    ...assemble(draft, {
      signature: draft.random.chance(0.5) ? signWith(draft.random.pick(draft.secrets), '') : draft.signature,
    }),
    body: draft.random.pick<unknown>([
      0,
      7,
      true,
      false,
      {},
      [],
      [1, 2],
      { message: { text: 'x' } },
      { length: 1e9 },
    ]),
  }),
  'event: a body and nothing else': ({ random, bytes }) => carry(bytes, random),
  'event: empty': () => ({}),
  'event: of another service': ({ random, signature, bytes }) =>
    random.pick([
      { Records: [{ body: bytes.toString(), attributes: { [signatureName]: signature } }] },
      { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
      { key1: 'value1', key2: 'value2' },
    ]),
};
