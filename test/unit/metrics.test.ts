import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../lib/log-fields.ts';
import { everydayRefusals, metricDirectives } from '../../lib/metrics.ts';

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
          Metrics: [{ Name: 'count' }],
        },
      ]),
    });
  });
});

describe('what is given up', () => {
  it.each([
    ['for a reason of ours', { result: 'refused', code: 'expired' }, ['attempt', 'given-up']],
    ['for one of Connectly', { result: 'refused', code: 'ERROR_CODE_NEW' }, ['attempt', 'given-up']],
    ['for none that is told', { result: 'refused' }, ['attempt', 'given-up']],
    ...everydayRefusals.map(
      (code) => ['as on any other day', { result: 'refused', code }, ['attempt']] as const,
    ),
    [
      'because nobody knows its outcome',
      { result: 'refused', code: 'outcome-unknown' },
      ['attempt', 'given-up', 'outcome-unknown'],
    ],
    ['not at all', { result: 'accepted' }, ['attempt']],
    ['not yet', { result: 'not-sent', code: 'connectly-429' }, ['attempt']],
  ] as const)('counts by its reason: %s (%j)', (_, fields, names) => {
    const found = namespacesOf('attempt', fields);

    expect(found).toEqual(names.map((name) => `connectly-relay/${name}`));
  });

  it.each([
    ['outcome-unknown', ['settle', 'given-up', 'outcome-unknown']],
    ['released', ['settle']],
  ])('counts among parked sends, too: %s', (result, names) => {
    const found = namespacesOf('settle', { type: 'parked', result });

    expect(found).toEqual(names.map((name) => `connectly-relay/${name}`));
  });

  it('has nothing to do with a webhook that is refused', () => {
    const found = namespacesOf('webhook', { result: 'refused' });

    expect(found).toEqual(['connectly-relay/webhook']);
  });
});

it.each(['attempt-failed', 'attempt-unrecorded', 'settle-failed'])('%s is a failed effect', (event) => {
  const found = namespacesOf(event, { code: 'ledger-unavailable' });

  expect(found).toEqual(['connectly-relay/failed-effects']);
});

it('each metric is named once for all that splits it, with the unit that it has', () => {
  const fields = { stage: 'test', result: 'not-sent', code: 'connectly-429' };

  const directives = metricDirectives('attempt', fields, 0);

  expect(directives).toEqual({
    Timestamp: 0,
    CloudWatchMetrics: [
      {
        Namespace: 'connectly-relay/attempt',
        Dimensions: [
          ['stage', 'result'],
          ['stage', 'code'],
        ],
        Metrics: [{ Name: 'count' }],
      },
      {
        Namespace: 'connectly-relay/attempt',
        Dimensions: [['stage']],
        Metrics: [
          { Name: 'durationMs', Unit: 'Milliseconds' },
          { Name: 'secondsInQueue', Unit: 'Seconds' },
        ],
      },
    ],
  });
});

it('an event that nobody counts has no directives', () => {
  const found = ['other', 'toString'].map((event) => metricDirectives(event, { stage: 'test' }, 0));

  expect(found).toEqual([undefined, undefined]);
});

it('a line without any of the fields that split its metrics has no directives', () => {
  const found = metricDirectives('settle', { stage: 'test' }, 0);

  expect(found).toBeUndefined();
});
