import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inexactNumbers } from '../../../lib/message/exact-numbers.ts';

describe('inexactNumbers', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    // A double holds this one, but is written as 12345678901234567000.
    '12345678901234567168',
    '90071992547409931e1',
    '999999999999999990e-1',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1234567890123456789',
    '1234567890123456.75123',
  ])('finds %s', (number) => {
    const paths = inexactNumbers(`{"a":${number}}`);

    expect(paths).toEqual([['a']]);
  });

  it.each([
    '0',
    '-0',
    '0.0',
    '0e5',
    '7',
    '1.0',
    '1.50',
    '1e2',
    '1E+2',
    '100e-2',
    '9007199254740992',
    '9007199254740991',
    '1e22',
    '10000000000000000000000',
    '1.7976931348623157e308',
    '5e-324',
    '49.2827',
    // The shortest form and the long one of the same double.
    '0.1',
    '0.10000000000000001',
    '123.45678901234567',
    '0.00010000000000000001',
    '1e-3',
    '120e-4',
  ])('leaves %s alone', (number) => {
    const paths = inexactNumbers(`{"a":${number}}`);

    expect(paths).toEqual([]);
  });

  it('tells where each one stands', () => {
    const long = '12345678901234567890';

    const paths = inexactNumbers(
      `{"a":[1,{"b\\"c":${long}},${long}],"d":{"e":[]},"f": ${long} , "":[[${long}]]}`,
    );

    expect(paths).toEqual([['a', 1, 'b"c'], ['a', 2], ['f'], ['', 0, 0]]);
  });

  it('takes nothing within a string for a number', () => {
    const paths = inexactNumbers(
      '{"12345678901234567890":"12345678901234567890, \\"a\\": 12345678901234567890"}',
    );

    expect(paths).toEqual([]);
  });

  it('finds one that is the whole text', () => {
    const paths = inexactNumbers('12345678901234567890');

    expect(paths).toEqual([[]]);
  });

  it('finds nothing in what JSON.stringify wrote: that is what comes out at the other end', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const paths = inexactNumbers(JSON.stringify(JSON.parse(json)));

        expect(paths).toEqual([]);
      }),
    );
  });

  it('finds every whole number whose digits JSON would change, and no other', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (number) => {
        const paths = inexactNumbers(`[${number}]`);

        expect(paths.length === 0).toBe(BigInt(decimalOf(Number(number))) === number);
      }),
    );
  });

  it('takes a large text with nothing but escapes', () => {
    const paths = inexactNumbers(`["${'\\n'.repeat(128 * 1024)}",12345678901234567890]`);

    expect(paths).toEqual([[1]]);
  });

  it('takes a number as long as a message may be, which a slow search would think about for a minute', () => {
    const paths = inexactNumbers(`[1${'0'.repeat(250 * 1024)}1]`);

    expect(paths).toEqual([[0]]);
  });
});

/** The digits that JSON.stringify writes for a whole number, without an exponent. */
function decimalOf(value: number): string {
  const [digits = '', power = '0'] = JSON.stringify(value).split('e+');
  const [whole = '', fraction = ''] = digits.split('.');
  return whole + fraction.padEnd(Number(power), '0');
}
