import type * as z from 'zod/mini';
import { readJson } from '../read-json.ts';

/** A JSON object whose fields are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field is missing or wrong; the message begins with its path. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.name = 'FieldError';
    this.field = field;
  }
}

/** Reads JSON that came over the admin API. Throws a `FieldError`. */
export function readSpec<S extends z.ZodMiniType>(schema: S, json: unknown): z.output<S> {
  return readJson(schema, json, ({ field, text }) => new FieldError(field === '' ? 'body' : field, text));
}

/**
 * Reads the fields of JSON that came from outside. `null` counts as absent, as it does in the JSON form of Protocol
 * Buffers that the vendor's API looks generated from. Every method throws a `FieldError` with the path of the field.
 */
export class FieldReader {
  readonly #value: JsonObject;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (!isJsonObject(value)) throw new FieldError(path === '' ? 'body' : path, 'must be an object');
    this.#value = value;
    this.#path = path;
  }

  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  /** The value as it is, `undefined` when absent or null. */
  get(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? undefined) : undefined;
  }

  /** Whether the field was given at all, be it with null. */
  has(name: string): boolean {
    return Object.hasOwn(this.#value, name);
  }

  fail(name: string, problem: string): never {
    throw new FieldError(this.path(name), problem);
  }

  string(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    return this.fail(name, 'must be a string');
  }

  requiredString(name: string): string {
    const value = this.string(name);
    return value === undefined || value === '' ? this.fail(name, 'is required') : value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.fail(name, 'must be true or false');
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'number') return value;
    return this.fail(name, 'must be a number');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    return (
      allowed.find((candidate) => candidate === value) ??
      this.fail(name, `must be one of ${allowed.join(', ')}`)
    );
  }

  object(name: string): FieldReader | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new FieldReader(value, this.path(name));
  }

  requiredObject(name: string): FieldReader {
    return this.object(name) ?? this.fail(name, 'is required');
  }

  array(name: string): readonly unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined || Array.isArray(value)) return value;
    return this.fail(name, 'must be an array');
  }

  strings(name: string): readonly string[] | undefined {
    return this.array(name)?.map((item, index) =>
      typeof item === 'string' ? item : this.fail(`${name}[${index}]`, 'must be a string'),
    );
  }

  /** The object itself, for fields that are kept as they came. */
  raw(): JsonObject {
    return this.#value;
  }
}
