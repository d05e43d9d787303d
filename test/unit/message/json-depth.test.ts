import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepth } from '../../../lib/message/json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('jsonDepth', () => {
  it('counts how deep any JSON is nested', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const depth = jsonDepth(JSON.stringify(value, null, indent));

        expect(depth).toBe(depthOf(JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it.each([
    ['', 0],
    ['"[[["', 0],
    [String.raw`["\"[[", "\\", {}]`, 2],
    ['}}}[', 0],
    ['"never ends [[[', 0],
  ])('of %j is %i', (text, depth) => {
    const found = jsonDepth(text);

    expect(found).toBe(depth);
  });

  it('of a million brackets comes without a stack overflow', () => {
    const depth = jsonDepth('['.repeat(1_000_000));

    expect(depth).toBe(1_000_000);
  });
});
