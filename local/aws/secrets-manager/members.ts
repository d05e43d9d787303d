import { Buffer } from 'node:buffer';
import { AwsError } from '../protocols/service.ts';
import {
  type Input,
  invalidParameter,
  invalidRequest,
  optionalList,
  optionalText,
  requiredText,
  textEntry,
  validationError,
} from './input.ts';
import type { SecretValue } from './stages.ts';

/** A secret's value is at most this long, whether text or bytes. */
const maxValueBytes = 65_536;
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
