import type { LogField, LogFields, NumericLogField } from './log-fields.ts';

type Unit = 'Count' | 'Milliseconds' | 'Seconds';

interface MetricGroup {
  /** Fields that split the metric; a group whose fields are not all there is left out of a line. */
  readonly dimensions: readonly LogField[];
  readonly metrics: Readonly<Partial<Record<NumericLogField, Unit>>>;
}

/**
 * The metrics that CloudWatch reads out of log lines, by the event that carries them. Each event is a namespace of its
 * own, `connectly-relay/<event>`; a metric is a numeric field of the line.
 */
export const metrics = {
  webhook: [
    { dimensions: ['stage', 'result'], metrics: { count: 'Count' } },
    { dimensions: ['stage'], metrics: { durationMs: 'Milliseconds' } },
    // The funnel of what was sent: sent, delivered, read, failed.
    { dimensions: ['stage', 'deliveryStatus'], metrics: { count: 'Count' } },
  ],
  attempt: [
    { dimensions: ['stage', 'result'], metrics: { count: 'Count' } },
    { dimensions: ['stage', 'code'], metrics: { count: 'Count' } },
    // SQS's own age of the oldest message leaves out what has been received more than three times.
    { dimensions: ['stage'], metrics: { durationMs: 'Milliseconds', secondsInQueue: 'Seconds' } },
  ],
  // A queue did not do its part: the message is not acknowledged, and comes back.
  'attempt-failed': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
  // The ledger did not: the message's own fate stands.
  'attempt-unrecorded': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
  // While sending pauses, no attempt says why.
  'probe-failed': [{ dimensions: ['stage', 'code'], metrics: { count: 'Count' } }],
  settle: [{ dimensions: ['stage', 'type', 'result'], metrics: { count: 'Count' } }],
  // A queue or the ledger did not: it is done again.
  'settle-failed': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
  // No event: attempts and probes whose code tells of the API key count here, too. The alarm about the key watches this
  // one metric, because an alarm takes ten, and the codes by event are as many already.
  'api-key': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
} as const satisfies Record<string, readonly MetricGroup[]>;

const keySecretCodes = ['secret-not-set', 'secret-invalid', 'secret-unavailable'];

/** The codes, by event, that tell of the API key. */
const apiKeyCodes: Readonly<Record<string, readonly string[]>> = {
  // `business-paused` is all that is heard of a key after its first refusal.
  attempt: [...keySecretCodes, 'connectly-401', 'connectly-403', 'no-key-for-business', 'business-paused'],
  // Without a key all sending pauses, as when Connectly fails: only probes tell the two apart then.
  'probe-failed': keySecretCodes,
};

export function namespaceOf(event: string): string {
  return `connectly-relay/${event}`;
}

/**
 * What makes CloudWatch read metrics out of a line (its embedded metric format), or undefined for an event without any.
 * `timestamp` is in epoch milliseconds.
 */
export function metricDirectives(event: string, fields: LogFields, timestamp: number): object | undefined {
  if (!isMeasured(event)) return undefined;
  const isOfTheKey = fields.code !== undefined && apiKeyCodes[event]?.includes(fields.code) === true;
  return {
    Timestamp: timestamp,
    CloudWatchMetrics: [
      ...directivesOf(event, fields),
      ...(isOfTheKey ? directivesOf('api-key', fields) : []),
    ],
  };
}

function directivesOf(event: keyof typeof metrics, fields: LogFields): object[] {
  const groups: readonly MetricGroup[] = metrics[event];
  return groups
    .filter(({ dimensions }) => dimensions.every((name) => fields[name] !== undefined))
    .map((group) => ({
      Namespace: namespaceOf(event),
      Dimensions: [group.dimensions],
      Metrics: Object.entries(group.metrics).map(([name, unit]) => ({ Name: name, Unit: unit })),
    }));
}

function isMeasured(event: string): event is keyof typeof metrics {
  return Object.hasOwn(metrics, event);
}
