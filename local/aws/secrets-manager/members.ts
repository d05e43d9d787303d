import { Buffer } from 'node:buffer';
import { AwsError } from '../protocols/service.ts';
import {
  type Input,
  invalidParameter,
  invalidRequest,
  optionalList,
  optionalText,
  requiredText,
  structureEntry,
  textEntry,
  validationError,
} from './input.ts';
import type { SecretValue } from './stages.ts';

/** A secret's value is at most this long, whether text or bytes. */
const maxValueBytes = 65_536;
const maxTags = 50;
const maxStages = 20;

/** A name or an ARN. */
export const secretId = (input: Input) => requiredText(input, 'SecretId', { min: 1, max: 2048 });

export function secretName(input: Input): string {
  const name = requiredText(input, 'Name', { min: 1, max: 512 });
  if (!/^[A-Za-z0-9/_+=.@!-]+$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  return name;
}

/** SDKs fill this in; a plain HTTP request has to bring it. */
export function clientRequestToken(input: Input): string {
  const token = optionalText(input, 'ClientRequestToken', { min: 32, max: 64 });
  if (token === undefined)
    throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
  return token;
}

export function optionalValue(input: Input): SecretValue | undefined {
  const text = optionalText(input, 'SecretString', { min: 1, max: maxValueBytes, sensitive: true });
  const base64 = optionalText(input, 'SecretBinary');
  if (text !== undefined && base64 !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (base64 !== undefined) return { kind: 'binary', bytes: binaryValue(base64) };
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text) > maxValueBytes) throw tooLong('SecretString');
  return { kind: 'string', text };
}

export function requiredValue(input: Input): SecretValue {
  const value = optionalValue(input);
  if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
  return value;
}

export const versionId = (input: Input, field: string) => optionalText(input, field, { min: 32, max: 64 });

export const stage = (input: Input) => optionalText(input, 'VersionStage', { min: 1, max: 256 });

export const stages = (input: Input) =>
  optionalList(input, 'VersionStages', {
    min: 1,
    max: maxStages,
    read: textEntry('VersionStages', { min: 1, max: 256 }),
  });

/** Tags as key and value; AWS keeps keys that start with `aws:` for itself. */
export function tags(input: Input): [key: string, value: string][] | undefined {
  return optionalList(input, 'Tags', {
    max: maxTags,
    read: (entry) => {
      const tag = structureEntry(entry);
      const key = requiredText(tag, 'Key', { min: 1, max: 128 });
      if (key.toLowerCase().startsWith('aws:')) throw invalidParameter('Tag keys must not start with aws:.');
      return [key, optionalText(tag, 'Value', { max: 256 }) ?? ''];
    },
  });
}

export function addTags(target: Map<string, string>, added: readonly [string, string][]): void {
  const keys = new Set([...target.keys(), ...added.map(([key]) => key)]);
  if (keys.size > maxTags) throw invalidParameter(`A secret can have up to ${maxTags} tags.`);
  for (const [key, value] of added) target.set(key, value);
}

function binaryValue(base64: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0)
    throw new AwsError('SerializationException', 'SecretBinary is not valid base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0) throw validationError('', 'SecretBinary', 'have length greater than or equal to 1');
  if (bytes.length > maxValueBytes) throw tooLong('SecretBinary');
  return bytes;
}

function tooLong(field: string): AwsError {
  return validationError('', field, `have length less than or equal to ${maxValueBytes}`);
}
