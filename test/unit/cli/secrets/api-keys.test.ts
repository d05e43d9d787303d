import { describe, expect, it } from 'vitest';
import { businessesIn, withKey } from '../../../../cli/secrets/api-keys.ts';

describe('businessesIn', () => {
  it.each([
    ['key', undefined],
    ['{"b1":"k1","b2":"k2"}', ['b1', 'b2']],
    [' {"b1":"k1"}\n', ['b1']],
  ])('of %j is %j', (value, businesses) => {
    expect(businessesIn(value)).toEqual(businesses);
  });

  it('refuses what the sender would not understand', () => {
    expect(() => businessesIn('{"b1":""}')).toThrow();
  });
});

describe('withKey', () => {
  it.each<[string, string | undefined, string, string | undefined, string]>([
    ['fills an empty secret', undefined, 'k', undefined, 'k'],
    ['fills an empty secret for one business', undefined, 'k', 'b1', '{"b1":"k"}'],
    ['replaces the one key', 'old', 'k', undefined, 'k'],
    ["replaces one business's key", '{"b1":"old","b2":"k2"}', 'k', 'b1', '{"b1":"k","b2":"k2"}'],
    ["adds a business's key", '{"b1":"k1"}', 'k', 'b2', '{"b1":"k1","b2":"k"}'],
    ['replaces all keys by all', '{"b1":"old"}', '{"b1":"k"}', undefined, '{"b1":"k"}'],
    ['replaces what makes no sense', '{', '{"b1":"k"}', undefined, '{"b1":"k"}'],
    ['replaces what makes no sense by one key', '{"a":', 'k', undefined, 'k'],
    ['replaces what makes no sense by the key of a business', 'CAN ARY\nKEY', 'k', 'b1', '{"b1":"k"}'],
    [
      'keeps what makes sense beside what makes none',
      '{"b1":"k1","b2":7}',
      'k',
      'b3',
      '{"b1":"k1","b3":"k"}',
    ],
  ])('%s', (_, current, key, businessId, expected) => {
    expect(withKey(current, { key, businessId })).toBe(expected);
  });

  it('refuses to put one key in the place of all keys by business', () => {
    expect(() => withKey('{"b1":"k1","b2":"k2"}', { key: 'k', businessId: undefined })).toThrow('--business');
  });

  it('refuses to take the key for all away from the other businesses', () => {
    expect(() => withKey('key', { key: 'k', businessId: 'b1' })).toThrow('every business');
  });

  it.each([
    ['half an object', undefined, '{"canary":', undefined],
    ['a line feed inside', undefined, 'CAN ARY\nKEY', undefined],
    ['a quoted string', 'k', '"canary"', undefined],
    ['an object with an empty key', '{"b1":"k"}', '{"b1":""}', undefined],
    ['a line feed inside, for one business', '{"b1":"k"}', 'can\nary', 'b1'],
    ['an object, for one business', '{"b1":"k"}', '{"b1":"canary"}', 'b1'],
    ['half an object, for one business', undefined, '{"canary":', 'b1'],
  ])('refuses %s, without quoting it', (_, current, key, businessId) => {
    const replacing = () => withKey(current, { key, businessId });

    expect(replacing).toThrow(/^((?!canary|CAN).)*$/);
  });
});
