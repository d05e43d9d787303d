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
  // Of the messages that were not tried, because sending pauses or for want of time. One line counts many.
  untouched: [{ dimensions: ['stage', 'code'], metrics: { count: 'Count' } }],
  'probe-failed': [{ dimensions: ['stage', 'code'], metrics: { count: 'Count' } }],
  settle: [{ dimensions: ['stage', 'type', 'result'], metrics: { count: 'Count' } }],
  // A queue or the ledger did not: it is done again.
  'settle-failed': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
  // No event: lines that tell of the API key count here, too. The alarm about the key watches this one metric, because an
  // alarm takes ten, and the codes by event are as many already.
  'api-key': [{ dimensions: ['stage'], metrics: { count: 'Count' } }],
} as const satisfies Record<string, readonly MetricGroup[]>;

/** It is missing, unreadable or refused. One message's 403 is not among them: it may be about that message. */
const keyCodes = new Set([
  'secret-not-set',
  'secret-invalid',
  'secret-unavailable',
  'no-key-for-business',
  'connectly-401',
]);

/** Sending for a business pauses for these only when Connectly turns down several: that is about who asks. */
const turnedDown = /^(connectly-(3\d\d|4(?!08|25|29)\d\d)|ERROR_CODE_\w+)$/;

/** Whether a line tells that sending has to do without an API key, or with one that Connectly does not take. */
function isOfTheKey(event: string, { code = '', cause = '' }: LogFields): boolean {
  switch (event) {
    case 'attempt':
    case 'probe-failed':
      return keyCodes.has(code);
    case 'untouched':
      return keyCodes.has(cause) || turnedDown.test(cause);
    default:
      return false;
  }
}

export function namespaceOf(event: string): string {
  return `connectly-relay/${event}`;
}

/**
 * What makes CloudWatch read metrics out of a line (its embedded metric format), or undefined for an event without any.
 * `timestamp` is in epoch milliseconds.
 */
export function metricDirectives(event: string, fields: LogFields, timestamp: number): object | undefined {
  if (!isMeasured(event)) return undefined;
  return {
    Timestamp: timestamp,
    CloudWatchMetrics: [
      ...directivesOf(event, fields),
      ...(isOfTheKey(event, fields) ? directivesOf('api-key', fields) : []),
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
