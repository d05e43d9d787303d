import { assert, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskNumber, maskNumbersIn } from '../../../../cli/terminal/masking.ts';

describe('masking', () => {
  it.each([
    ['+15551231234', '+1555•••1234'],
    ['+5215512345678', '+5215•••5678'],
    ['15551231234', '1555•••1234'],
    ['+4915112', '+49•••2'],
    ['+12', '+1•••'],
    ['US.13491208655302741918', 'US.•••'],
    ['', '•••'],
  ])('shows %s as %s', (number, expected) => {
    expect(maskNumber(number)).toBe(expected);
  });

  it('hides at least three digits of any number that has six', () => {
    const numbers = stringMatching(/^\+[1-9]\d{5,14}$/);

    assert(
      property(numbers, (number) => maskNumber(number).replaceAll(/\D/g, '').length <= number.length - 4),
    );
  });

  it('finds the numbers in a text, with and without a plus', () => {
    const text = 'from +15551231234 to 15551231234, order 42, at 12:30';

    const masked = maskNumbersIn(text);

    expect(masked).toBe('from +1555•••1234 to 1555•••1234, order 42, at 12:30');
  });
});
