import { describe, expect, it } from 'vitest';
import { clockCheck, nodeCheck } from '../../../../cli/doctor/machine-checks.ts';

const { signal } = new AbortController();

describe('the check of Node', () => {
  it.each([
    ['18.20.8', 'failed'],
    ['20.18.3', 'failed'],
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('takes %s for %s', async (version, verdict) => {
    const found = await nodeCheck(version).run(signal);

    expect(found.verdict).toBe(verdict);
  });
});

describe('the check of the clock', () => {
  const time = Date.parse('2026-01-01T12:00:00Z');

  it.each([
    [0, 'ok'],
    [30_000, 'ok'],
    [31_000, 'warning'],
    [-31_000, 'warning'],
    [240_000, 'warning'],
    [241_000, 'failed'],
    [-241_000, 'failed'],
  ])('takes a difference of %i ms for %s', async (difference, verdict) => {
    const check = clockCheck(
      async () => new Date(time).toUTCString(),
      () => time + difference,
    );

    const found = await check.run(signal);

    expect(found.verdict).toBe(verdict);
  });

  it('warns when nobody says what time it is', async () => {
    const check = clockCheck(
      async () => null,
      () => time,
    );

    const found = await check.run(signal);

    expect(found.verdict).toBe('warning');
  });
});
