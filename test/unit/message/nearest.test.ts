import { describe, expect, it } from 'vitest';
import { nearest } from '../../../lib/message/nearest.ts';

const fields = ['type', 'to', 'text', 'templateName', 'callbackData'];

describe('nearest', () => {
  it.each([
    ['txt', 'text'],
    ['Text', 'text'],
    ['template_name', 'templateName'],
    ['callback', undefined],
    ['callbackdate', 'callbackData'],
    ['tp', 'to'],
    ['x', undefined],
    ['', undefined],
    ['recipient', undefined],
  ])('of %j is %j', (word, expected) => {
    const found = nearest(word, fields);

    expect(found).toBe(expected);
  });

  it('is the first of two that are equally near', () => {
    const found = nearest('tot', ['tok', 'ton']);

    expect(found).toBe('tok');
  });

  it.each([
    ['kitten', 'sitting'],
    ['sitten', 'kitten'],
    ['flaw', 'lawn'],
    ['abc', 'abcd'],
    ['bcd', 'abcd'],
    ['axbd', 'abcd'],
  ])('finds %j from %j, a few changes away', (candidate, word) => {
    const found = nearest(word, ['something else', candidate]);

    expect(found).toBe(candidate);
  });

  it.each([
    ['abcdef', 'abc'],
    ['', 'ab'],
    ['ba', 'ab'],
  ])('does not find %j from %j, too many changes away', (candidate, word) => {
    const found = nearest(word, [candidate]);

    expect(found).toBeUndefined();
  });

  it('is nothing without candidates', () => {
    const found = nearest('text', []);

    expect(found).toBeUndefined();
  });
});
