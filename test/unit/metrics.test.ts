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
  const ofTheKey = [
    'secret-not-set',
    'secret-invalid',
    'secret-unavailable',
    'connectly-401',
    'no-key-for-business',
  ];

  it.each(ofTheKey)('counts an attempt and a probe with the code %s', (code) => {
    const found = ['attempt', 'probe-failed'].map((event) => namespacesOf(event, { code }));

    expect(found).toEqual([
      ['connectly-relay/attempt', 'connectly-relay/api-key'],
      ['connectly-relay/probe-failed', 'connectly-relay/api-key'],
    ]);
  });

  it.each(['connectly-403', 'connectly-404', 'connectly-500', 'no-answer', 'x-connectly-401', undefined])(
    'counts no attempt and no probe with the code %s',
    (code) => {
      const fields = { result: 'not-sent', ...(code !== undefined && { code }) };

      const found = ['attempt', 'probe-failed'].flatMap((event) => namespacesOf(event, fields));

      expect(found).not.toContain('connectly-relay/api-key');
    },
  );

  it.each([
    ...ofTheKey,
    'connectly-301',
    'connectly-308',
    'connectly-402',
    'connectly-403',
    'connectly-404',
    'connectly-407',
    'connectly-451',
    'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT',
  ])('counts messages that are not tried because sending pauses for %s', (cause) => {
    const found = namespacesOf('untouched', { code: 'business-paused', cause });

    expect(found).toEqual(['connectly-relay/untouched', 'connectly-relay/api-key']);
  });

  it.each([
    'connectly-429',
    'connectly-408',
    'connectly-425',
    'connectly-500',
    'connectly-4031',
    'a connectly-403',
    'AN_ERROR_CODE_X',
    'no-answer',
    'connection-failed',
    undefined,
  ])('counts none that are not tried for %s', (cause) => {
    const found = namespacesOf('untouched', {
      code: 'business-paused',
      ...(cause !== undefined && { cause }),
    });

    expect(found).toEqual(['connectly-relay/untouched']);
  });

  it('counts nothing when sending begins to pause or goes on: attempts and untouched messages say so', () => {
    const found = ['paused', 'resumed'].map((event) =>
      metricDirectives(event, { stage: 'test', code: 'sending-paused', cause: 'secret-not-set' }, 0),
    );

    expect(found).toEqual([undefined, undefined]);
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
