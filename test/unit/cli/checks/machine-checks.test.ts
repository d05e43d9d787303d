import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../../cli/checks/check.ts';
import { clockCheck, nodeCheck } from '../../../../cli/checks/machine-checks.ts';
import { proxyHint } from '../../../../cli/errors.ts';

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

  it('is not blamed where there is no way to the webhook', async () => {
    const error = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    const check = clockCheck(
      () => Promise.reject(error),
      () => time,
    );

    const results = await runChecks([check], { deadlineMs: 60_000, signal });

    expect(results).toEqual([
      {
        check: 'clock',
        verdict: 'failed',
        finding: 'Not known: The address of the webhook does not answer (ENOTFOUND).',
        remedy: `Look at the network. ${proxyHint}`,
      },
    ]);
  });

  it('warns when nobody says what time it is', async () => {
    const check = clockCheck(
      async () => null,
      () => time,
    );

    const found = await check.run(signal);

    expect(found).toMatchObject({ verdict: 'warning', remedy: 'date -u' });
  });
});
