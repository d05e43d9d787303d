import { expect, it } from 'vitest';
import { metricDirectives } from '../../lib/metrics.ts';

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

it('a line is counted in other namespaces as well, and one that has no metrics of its own in those alone', () => {
  const found = ['probe-failed', 'attempt-failed'].map((event) =>
    metricDirectives(event, { stage: 'test', code: 'secret-not-set' }, 0, ['api-key']),
  );

  const ofTheKey = {
    Namespace: 'connectly-relay/api-key',
    Dimensions: [['stage']],
    Metrics: [{ Name: 'count' }],
  };
  expect(found).toMatchObject([
    { CloudWatchMetrics: [{ Namespace: 'connectly-relay/probe-failed' }, ofTheKey] },
    { CloudWatchMetrics: [ofTheKey] },
  ]);
});

it('an event that nobody counts has no directives', () => {
  const found = ['other', 'toString'].map((event) => metricDirectives(event, { stage: 'test' }, 0));

  expect(found).toEqual([undefined, undefined]);
});

it('a line without any of the fields that split its metrics has no directives', () => {
  const found = metricDirectives('settle', { stage: 'test' }, 0);

  expect(found).toBeUndefined();
});
