import { isObject } from '../../../lib/message/json.ts';
import { missingParameter, serializationException } from './errors.ts';

/** A request's JSON as it came: every value is checked before it is used. A null counts as absent, as in AWS's JSON. */
export type Input = Readonly<Record<string, unknown>>;

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'Start of list';
  if (isObject(value)) return 'Start of structure or map';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return `${typeof value}_VALUE`.toUpperCase();
}

const mismatch = (value: unknown, wanted: string) =>
  serializationException(`${jsonKind(value)} can not be converted to ${wanted}`);

function stringOf(value: unknown): string {
  if (typeof value !== 'string') throw mismatch(value, 'a String');
  return value;
}

export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  return value === undefined ? undefined : stringOf(value);
}

/** Empty counts as missing: no required string of SQS may be empty. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

export function optionalInteger(input: Input, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw mismatch(value, 'an Integer');
  // The model's integers have 32 bits.
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1)
    throw serializationException(`${value} can not be converted to an Integer`);
  return value;
}

export function requiredInteger(input: Input, name: string): number {
  const value = optionalInteger(input, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

export function optionalList(input: Input, name: string): readonly unknown[] | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw mismatch(value, 'a List');
  return value;
}

export function stringList(input: Input, name: string): readonly string[] {
  return (optionalList(input, name) ?? []).map(stringOf);
}

export function optionalObject(input: Input, name: string): Input | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  return objectOf(value);
}

export function objectOf(value: unknown): Input {
  if (!isObject(value)) throw mismatch(value, 'a Structure');
  return value;
}

/** A map of strings as pairs, so that a key like `__proto__` stays an ordinary key. */
export function stringMap(input: Input, name: string): readonly (readonly [string, string])[] | undefined {
  const value = optionalObject(input, name);
  return value === undefined ? undefined : Object.entries(value).map(([key, text]) => [key, stringOf(text)]);
}
