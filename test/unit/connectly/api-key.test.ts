import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';

describe('parseApiKeys', () => {
  it.each(['the-key', ' the-key\n'])('takes the plain string %j for the key of every business', (value) => {
    const keys = parseApiKeys(value);

    expect([keys.keyFor('a'), keys.keyFor('b')]).toEqual(['the-key', 'the-key']);
  });

  it('finds the key of each business in a JSON object', () => {
    const keys = parseApiKeys(' {"a":"key-a","b":" key-b "} ');

    expect([keys.keyFor('a'), keys.keyFor('b')]).toEqual(['key-a', 'key-b']);
  });

  it.each(['c', 'constructor', 'toString', '__proto__'])(
    'has no key for the unknown business %s',
    (businessId) => {
      const keys = parseApiKeys('{"a":"key-a"}');

      expect(keys.keyFor(businessId)).toBeUndefined();
    },
  );

  it.each([
    ['', 'The API key secret is empty.'],
    [
      '"key"',
      'The API key secret starts as a quoted string or a JSON list does: store it bare, or as a JSON object of keys by business id.',
    ],
    ['{"a"', 'The API key secret starts with "{" but is not a JSON object of keys by business id.'],
    ['{"a":""}', 'The API key secret holds a key that is empty or has characters that no key has.'],
  ])('says of %j what is wrong with it', (value, message) => {
    const parse = () => parseApiKeys(value);

    expect(parse).toThrow(expect.objectContaining({ message }));
  });

  it.each(['', ' ', '\n'])('refuses the empty secret %j as not set', (value) => {
    const parse = () => parseApiKeys(value);

    expect(parse).toThrow(expect.objectContaining({ code: 'secret-not-set' }));
  });

  it.each([
    '{',
    '{"a":1}',
    '{"a":""}',
    '{"a":"two words canary"}',
    '{"a":null}',
    'two words canary',
    'kéy',
    'line\r\nbreak: canary',
    '"canary"',
    '["canary"]',
  ])('refuses %j without repeating it', (value) => {
    const parse = () => parseApiKeys(value);

    expect(parse).toThrow(expect.objectContaining({ code: 'secret-invalid' }));
    expect(parse).not.toThrow(/canary/);
  });
});
