import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../../../../local/aws/logs/filter-pattern.ts';

const line = JSON.stringify({
  event: 'attempt',
  result: 'not sent',
  status: 429,
  text: 'say "hi"',
  nested: { deep: { code: 'E-1' } },
});

describe('a pattern that matches', () => {
  it.each([
    [''],
    ['  '],
    ['attempt'],
    ['attempt 429'],
    ['"not sent"'],
    ['"not sent" attempt'],
    ['"say \\\\\\"hi"'],
    ['{ $.event = "attempt" }'],
    ['{$.event="attempt"}'],
    ['{ $.event = attempt }'],
    ['{ $.result = "not sent" }'],
    ['{ $.text = "say \\"hi\\"" }'],
    ['{ $.status = 429 }'],
    ['{ $.status = 429.0 }'],
    ['{ $.nested.deep.code = "E-1" }'],
    ['{ $.status = 500 || $.event = "attempt" }'],
    ['{ $.event = "attempt" || $.event = "webhook" || $.event = "settle" }'],
  ])('%s', (pattern) => {
    const matches = parseFilterPattern(pattern);

    expect(matches(line)).toBe(true);
  });
});

describe('a pattern that does not match', () => {
  it.each([
    ['Attempt'],
    ['attempt webhook'],
    ['"sent not"'],
    ['{ $.event = "Attempt" }'],
    ['{ $.event = "attemp" }'],
    ['{ $.status = "429" }'],
    ['{ $.status = 428 }'],
    ['{ $.missing = "attempt" }'],
    ['{ $.nested = "E-1" }'],
    ['{ $.status = 500 || $.event = "webhook" }'],
    ['{ $.toString = "attempt" }'],
  ])('%s', (pattern) => {
    const matches = parseFilterPattern(pattern);

    expect(matches(line)).toBe(false);
  });

  it('is one about a field of a line that is no JSON', () => {
    const matches = parseFilterPattern('{ $.event = "attempt" }');

    expect(['attempt', 'null', '"attempt"', ''].map(matches)).toEqual([false, false, false, false]);
  });
});

describe('a pattern that is not understood is refused', () => {
  it.each([
    ['?attempt ?webhook'],
    ['attempt -webhook'],
    ['%att.*%'],
    ['[time, level, ...]'],
    ['not-sent'],
    ['"not closed'],
    ['""'],
    ['"a"b'],
    ['{ $.event = "att*" }'],
    ['{ $.event = * }'],
    ['{ $.event != "attempt" }'],
    ['{ $.status > 400 }'],
    ['{ $.event = "attempt" && $.status = 429 }'],
    ['{ $.list[0] = "attempt" }'],
    ['{ $.event IS NULL }'],
    ['{ event = "attempt" }'],
    ['{ $.event = "attempt"'],
  ])('%s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
  });
});
