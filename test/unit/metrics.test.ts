import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../lib/log-fields.ts';
import { metricDirectives } from '../../lib/metrics.ts';

/** The namespaces that a line is counted in. */
function namespacesOf(event: string, fields: LogFields): readonly string[] {
  const directives = Object(metricDirectives(event, { stage: 'test', ...fields }, 0));
  const groups: readonly { readonly Namespace: string }[] = directives.CloudWatchMetrics;
  return [...new Set(groups.map(({ Namespace }) => Namespace))];
}

describe('the metric of the API key', () => {
  it.each([
    'secret-not-set',
    'secret-invalid',
    'secret-unavailable',
    'connectly-401',
    'connectly-403',
    'no-key-for-business',
    'business-paused',
  ])('counts an attempt with the code %s', (code) => {
    const found = namespacesOf('attempt', { result: 'not-sent', code });

    expect(found).toEqual(['connectly-relay/attempt', 'connectly-relay/api-key']);
  });

  it.each(['connectly-500', 'breaker-open', undefined])('counts no attempt with the code %s', (code) => {
    const fields = { result: 'not-sent', ...(code !== undefined && { code }) };

    const found = namespacesOf('attempt', fields);

    expect(found).toEqual(['connectly-relay/attempt']);
  });

  it('counts a probe that finds no key, and none that Connectly does not answer', () => {
    const found = ['secret-not-set', 'connectly-401', 'no-answer'].map((code) =>
      namespacesOf('probe-failed', { code }),
    );

    expect(found).toEqual([
      ['connectly-relay/probe-failed', 'connectly-relay/api-key'],
      ['connectly-relay/probe-failed'],
      ['connectly-relay/probe-failed'],
    ]);
  });

  it('counts nothing else, whatever its code is', () => {
    const found = namespacesOf('webhook', { result: 'secret-unavailable', code: 'secret-unavailable' });

    expect(found).toEqual(['connectly-relay/webhook']);
  });

  it('is split by the stage alone', () => {
    const fields = { stage: 'test', result: 'not-sent', code: 'secret-not-set' };

    const directives = metricDirectives('attempt', fields, 1_000);

    expect(directives).toMatchObject({
      Timestamp: 1_000,
      CloudWatchMetrics: expect.arrayContaining([
        {
          Namespace: 'connectly-relay/api-key',
          Dimensions: [['stage']],
          Metrics: [{ Name: 'count', Unit: 'Count' }],
        },
      ]),
    });
  });
});

it('an event that nobody counts has no directives', () => {
  const found = ['other', 'toString'].map((event) => metricDirectives(event, { stage: 'test' }, 0));

  expect(found).toEqual([undefined, undefined]);
});
