import { RelayError } from '../errors.ts';
import { isObject, parseJson } from '../message/json.ts';

/** The API keys of one secret: one for everybody, or one for each business. */
export interface ApiKeys {
  /** Undefined when the secret holds keys by business id, and none for this one. */
  keyFor(businessId: string): string | undefined;
}

/**
 * Reads the API key secret's value: a plain string, or a JSON object keyed by business id. Throws `secret-not-set` for
 * an empty one and `secret-invalid` for an object whose values are not non-empty strings, for what looks like any other
 * JSON, and for a key that cannot stand in a header.
 */
export function parseApiKeys(value: string): ApiKeys {
  const text = value.trim();
  if (text === '') throw new RelayError('secret-not-set', 'The API key secret is empty.');
  if (/^["[]/.test(text)) {
    throw new RelayError(
      'secret-invalid',
      'The API key secret starts as a quoted string or a JSON list does: store it bare, or as a JSON object of keys by business id.',
    );
  }
  if (!text.startsWith('{')) {
    const key = headerSafe(text);
    return { keyFor: () => key };
  }
  const keys = new Map(Object.entries(parseObject(text)).map(([id, key]) => [id, headerSafe(key)]));
  return { keyFor: (businessId) => keys.get(businessId) };
}

function parseObject(text: string): Record<string, unknown> {
  const json = parseJson(text);
  if (isObject(json)) return json;
  throw new RelayError(
    'secret-invalid',
    'The API key secret starts with "{" but is not a JSON object of keys by business id.',
  );
}

function headerSafe(key: unknown): string {
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key.trim())) {
    throw new RelayError(
      'secret-invalid',
      'The API key secret holds a key that is empty or has characters that no key has.',
    );
  }
  return key.trim();
}
