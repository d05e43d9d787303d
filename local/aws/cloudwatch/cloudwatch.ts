import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import type { QueueView } from '../sqs/sqs.ts';
import { EmbeddedMetrics } from './embedded-metrics.ts';
import { invalidParameterValue } from './errors.ts';
import type { Measurement, Metric } from './metric.ts';
import { type MetricDataRequest, type MetricQuery, readMetricDataInput } from './metric-data-input.ts';
import { isQueueMetric, queueMeasurements, queueNamespace } from './queue-metrics.ts';

export interface CloudWatch {
  readonly service: AwsService;
  /** Takes the metrics out of a line of a function's log. */
  readLogLine(line: string): void;
}

export interface CloudWatchOptions {
  readonly clock: Clock;
  readonly queues: () => readonly QueueView[];
}

const minuteMs = 60_000;

/** The part of CloudWatch that reads metrics: those of the queues as they are now, and those embedded in log lines. */
export function createCloudWatch({ clock, queues }: CloudWatchOptions): CloudWatch {
  const embedded = new EmbeddedMetrics();

  function measurementsOf(metric: Metric): Iterable<Measurement> {
    const { namespace, name } = metric;
    if (namespace === queueNamespace && isQueueMetric(name))
      return queueMeasurements(metric, { queues: queues(), now: clock.now() });
    if (namespace.startsWith('AWS/'))
      throw invalidParameterValue(`The metric ${name} of ${namespace} is not emulated.`);
    return embedded.valuesOf(metric);
  }

  return {
    service: {
      target: 'GraniteServiceVersion20100801',
      contentType: 'application/x-amz-json-1.0',
      operations: {
        async GetMetricData(input) {
          const request = readMetricDataInput(input);
          return {
            MetricDataResults: request.queries.map((query) =>
              resultOf(query, request, measurementsOf(query.metric)),
            ),
            Messages: [],
          };
        },
      },
    },
    readLogLine: (line) => embedded.read(line),
  };
}

function resultOf(
  { id, label, periodMs, statistic }: MetricQuery,
  { start, end, newestFirst }: MetricDataRequest,
  measurements: Iterable<Measurement>,
): object {
  const periods = new Map<number, number[]>();
  for (const { at, value } of measurements) {
    const minute = Math.floor(at / minuteMs) * minuteMs;
    if (minute < start || minute >= end) continue;
    const period = start + Math.floor((minute - start) / periodMs) * periodMs;
    const values = periods.get(period);
    if (values === undefined) periods.set(period, [value]);
    else values.push(value);
  }
  const order = newestFirst ? -1 : 1;
  const points = [...periods].toSorted(([one], [other]) => order * (one - other));
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(([at]) => at / 1_000),
    Values: points.map(([, values]) => statistic(values)),
    StatusCode: 'Complete',
  };
}
