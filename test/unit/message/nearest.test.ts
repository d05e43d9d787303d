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

  it('is nothing without candidates', () => {
    const found = nearest('text', []);

    expect(found).toBeUndefined();
  });
});
