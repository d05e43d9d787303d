import type { LogField, LogFields, NumericLogField } from './log-fields.ts';

/** A count has no unit: CloudWatch asks for none, and each line is paid for by its length. */
type Unit = 'Milliseconds' | 'Seconds' | undefined;

interface MetricGroup {
  /** Sets of fields, each of which splits the metrics; a set whose fields are not all there is left out of a line. */
  readonly splits: readonly (readonly LogField[])[];
  readonly metrics: Readonly<Partial<Record<NumericLogField, Unit>>>;
}

const byStage = { splits: [['stage']], metrics: { count: undefined } } as const satisfies MetricGroup;

/**
 * The metrics that CloudWatch reads out of log lines, by their namespace, `connectly-relay/<name>`. A metric is a numeric
 * field of the line. Most are counted by the events of that name.
 */
export const metrics = {
  webhook: [
    {
      // By delivery status: the funnel of what was sent.
      splits: [
        ['stage', 'result'],
        ['stage', 'deliveryStatus'],
      ],
      metrics: { count: undefined },
    },
  ],
  attempt: [
    {
      splits: [
        ['stage', 'result'],
        ['stage', 'code'],
      ],
      metrics: { count: undefined },
    },
    // SQS's own age of the oldest message leaves out what has been received more than three times.
    { splits: [['stage']], metrics: { durationMs: 'Milliseconds', secondsInQueue: 'Seconds' } },
  ],
  // Of the messages that were not tried, because sending pauses or for want of time. One line counts many.
  untouched: [{ splits: [['stage', 'code']], metrics: { count: undefined } }],
  'probe-failed': [{ splits: [['stage', 'code']], metrics: { count: undefined } }],
  settle: [{ splits: [['stage', 'type', 'result']], metrics: { count: undefined } }],
  // No events of these names: others count here as well (lib/delivery/troubles.ts), so that an alarm watches one metric,
  // which costs nothing until there is trouble.
  'api-key': [byStage],
  'failed-effects': [byStage],
  'given-up': [byStage],
  'outcome-unknown': [byStage],
} as const satisfies Record<string, readonly MetricGroup[]>;

export type Namespace = keyof typeof metrics;

export function namespaceOf(name: string): string {
  return `connectly-relay/${name}`;
}

/**
 * What makes CloudWatch read metrics out of a line (its embedded metric format), or undefined for a line without any.
 * `timestamp` is in epoch milliseconds; `besides` are the namespaces that count the line beside that of its event.
 */
export function metricDirectives(
  event: string,
  fields: LogFields,
  timestamp: number,
  besides: readonly Namespace[] = [],
): object | undefined {
  const names = [...(isNamespace(event) ? [event] : []), ...besides];
  const directives = names.flatMap((name) => directivesOf(name, fields));
  return directives.length === 0 ? undefined : { Timestamp: timestamp, CloudWatchMetrics: directives };
}

/** One for each group, however it is split: each directive says its namespace again. */
function directivesOf(name: Namespace, fields: LogFields): object[] {
  const groups: readonly MetricGroup[] = metrics[name];
  return groups.flatMap((group) => {
    const splits = group.splits.filter((split) => split.every((field) => fields[field] !== undefined));
    if (splits.length === 0) return [];
    const named = Object.entries(group.metrics).map(([metric, unit]) => ({ Name: metric, Unit: unit }));
    return [{ Namespace: namespaceOf(name), Dimensions: splits, Metrics: named }];
  });
}

function isNamespace(event: string): event is Namespace {
  return Object.hasOwn(metrics, event);
}
