import { Buffer } from 'node:buffer';
import * as z from 'zod/mini';
import { readJson } from '../../read-json.ts';
import { AwsError } from '../protocols/service.ts';
import { invalidParameter, invalidRequest } from './errors.ts';
import type { SecretValue } from './stages.ts';

/** A secret's value is at most this long, whether text or bytes. */
const maxValueBytes = 65_536;

/** The error AWS's front answers when a member breaks its model, before the service sees the call. */
const validationError = (member: string, problem: string) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member ${problem}`,
  );

/** Reads a call's input. Throws AWS's error, which never shows a value. */
export function readInput<S extends z.ZodMiniType>(schema: S, json: unknown): z.output<S> {
  return readJson(schema, json, ({ field, text, kind }) => {
    // AWS names members in its messages with a small first letter.
    const member = `${field.charAt(0).toLowerCase()}${field.slice(1)}`;
    if (kind === 'type') return new AwsError('SerializationException', `${member} ${text}`);
    return kind === 'custom' ? invalidParameter(`${field} ${text}`) : validationError(member, text);
  });
}

/** Lengths are in characters, as in AWS's model. */
export const text = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max));

/** Null counts as absent, as in AWS's JSON. */
export const optional = z.nullish;

/** What AWS knows and this does not: it would change an answer. */
export const notKnownHere = z.nullish(z.custom(() => false, 'is not known here.'));

/** The members with which a version comes. */
export const versionMembers = {
  /** SDKs fill this in; a plain HTTP request has to bring it. */
  ClientRequestToken: optional(text(32, 64)),
  SecretString: optional(text(1, maxValueBytes)),
  SecretBinary: optional(z.string()),
};
type VersionMembers = z.infer<z.ZodMiniObject<typeof versionMembers>>;

export function tokenIn({ ClientRequestToken: token }: VersionMembers): string {
  if (typeof token === 'string') return token;
  throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
}

export function valueIn(input: VersionMembers): SecretValue | undefined {
  const { SecretString, SecretBinary } = input;
  if (typeof SecretString === 'string' && typeof SecretBinary === 'string')
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (typeof SecretBinary === 'string') return { kind: 'binary', bytes: binaryValue(SecretBinary) };
  if (typeof SecretString !== 'string') return undefined;
  checkLength('secretString', Buffer.byteLength(SecretString));
  return { kind: 'string', text: SecretString };
}

function binaryValue(base64: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0)
    throw new AwsError('SerializationException', 'SecretBinary is not valid base64');
  const bytes = Buffer.from(base64, 'base64');
  checkLength('secretBinary', bytes.length);
  return bytes;
}

function checkLength(member: string, bytes: number): void {
  if (bytes < 1 || bytes > maxValueBytes)
    throw validationError(member, `must have 1 to ${maxValueBytes} bytes`);
}
