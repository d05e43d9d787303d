import { expect, test } from 'vitest';
import { formatFigure, missesIn } from './figures.ts';

test('A figure is met within its limits, and missed beyond them', () => {
  const figures = [
    { name: 'lost', value: 0, atMost: 0 },
    { name: 'rate', value: 93.00001, atLeast: 93 },
    { name: 'kills', value: 11, atLeast: 12, atMost: 12 },
    { name: 'share', value: 0.020_06, atMost: 0.02 },
  ];

  const misses = missesIn('storm', figures);

  expect(misses).toEqual([
    'storm: kills is 11, must be exactly 12',
    'storm: share is 0.0201, must be at most 0.02',
  ]);
});

test('A figure that is not a number is missed', () => {
  const misses = missesIn('storm', [{ name: 'rate', value: Number.NaN, atLeast: 1 }]);

  expect(misses).toHaveLength(1);
});

test('A figure is printed with its verdict and its limit', () => {
  const lines = [
    formatFigure({ name: 'lost', value: 0, atMost: 0 }),
    formatFigure({ name: 'rate', value: 90, atLeast: 93 }),
  ];

  expect(lines).toEqual(['  ok     lost: 0 (at most 0)', '  MISSED rate: 90 (at least 93)']);
});
