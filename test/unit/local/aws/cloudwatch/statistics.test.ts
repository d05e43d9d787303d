import { expect, it } from 'vitest';
import { statisticOf } from '../../../../../local/aws/cloudwatch/statistics.ts';

const values = [30, 10, 20, 50, 40, 60, 100, 80, 70, 90];

it.each([
  ['Sum', 550],
  ['SampleCount', 10],
  ['Average', 55],
  ['Minimum', 10],
  ['Maximum', 100],
  ['p50', 50],
  ['p95', 100],
  ['p90', 90],
  ['p99.9', 100],
  ['p0', 10],
  ['p100', 100],
])('%s of ten values', (name, expected) => {
  const statistic = statisticOf(name);

  expect(statistic?.(values)).toBe(expected);
});

it('a percentile of one value is that value', () => {
  expect(statisticOf('p95')?.([7])).toBe(7);
});

it.each(['sum', 'p101', 'p', 'P95', 'tm99', 'toString'])('there is no %s', (name) => {
  expect(statisticOf(name)).toBeUndefined();
});
