import { describe, expect, it } from 'vitest';
import { e164Pattern, isBsuid } from '../../../lib/message/phone-number.ts';

describe('a recipient', () => {
  it.each(['US.1349', 'br.A9z', `DE.${'x'.repeat(128)}`])('%s is a business-scoped user id', (recipient) => {
    const found = isBsuid(recipient);

    expect(found).toBe(true);
  });

  it.each([
    '+15555555555',
    'bsuid:US.1349',
    'USA.1349',
    'US.',
    'US.13 49',
    'US-1349',
    `DE.${'x'.repeat(129)}`,
    '',
  ])('%j is none', (recipient) => {
    const found = isBsuid(recipient);

    expect(found).toBe(false);
  });

  it.each([
    ['+15555555555', true],
    ['+5215512345678', true],
    ['+12', true],
    ['+123456789012345', true],
    ['+1234567890123456', false],
    ['+1', false],
    ['+05555555555', false],
    ['15555555555', false],
    ['+1 555 555', false],
    ['+15555555555\n', false],
  ])('%j is a phone number: %s', (recipient, expected) => {
    const found = e164Pattern.test(recipient);

    expect(found).toBe(expected);
  });
});
