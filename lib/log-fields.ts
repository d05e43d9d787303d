/**
 * Everything that may stand in a log line, by the kind of its value. A field that is not here cannot be logged: no phone
 * number, text, name, key, secret, signature or vendor message has a place to slip in. The logger's type and its
 * allow-list, the metrics and the readers of the command line all come from this table.
 */
export const logFields = {
  stage: 'string',
  /** How many of these the line stands for. */
  count: 'number',
  /** Lambda's id of the invocation. */
  requestId: 'string',
  /** What became of a webhook request or of an attempt to send. */
  result: 'string',
  /** An error code of ours or Connectly's. */
  code: 'string',
  /** While sending pauses: the code of the outcome that it pauses for, since when, and when it is tried again. */
  cause: 'string',
  since: 'string',
  nextTryAt: 'string',
  /** HTTP status, ours to Connectly or Connectly's to us. */
  status: 'number',
  topic: 'string',
  /** sent, delivered, read, failed or other. */
  deliveryStatus: 'string',
  eventId: 'string',
  parsed: 'boolean',
  /** Size of a webhook's body. */
  bytes: 'number',
  /** Which live secret a webhook was signed with: only, newest or older. It tells when a rotation may be finished. */
  secretAge: 'string',
  /** The id that SQS gave the message. */
  sqsMessageId: 'string',
  /** The start of the SHA-256 of the message's key: the same for every copy of one message. */
  key: 'string',
  type: 'string',
  /** Connectly's id of an accepted message. */
  vendorId: 'string',
  /** Connectly's trace id of a failure. */
  traceId: 'string',
  receiveCount: 'number',
  secondsInQueue: 'number',
  durationMs: 'number',
  /** When the message will be tried again. */
  retryInSeconds: 'number',
  /** Class name of an error that is not ours; never its message. */
  errorName: 'string',
  /** What lies underneath a failure: a connection fault such as ECONNREFUSED, or the name of AWS's error. */
  fault: 'string',
  /** Where an error was thrown, the innermost place first. */
  stack: 'strings',
} as const;

/** The fields that say nothing about a single line. */
export const sameOnEachLine = ['stage'] as const satisfies readonly LogField[];

export type LogField = keyof typeof logFields;

/** The value of each kind, as TypeScript knows it. */
interface Kinds {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly strings: readonly string[];
}

export type LogFields = { readonly [Field in LogField]?: Kinds[(typeof logFields)[Field]] };

/** The fields that can be metrics. */
export type NumericLogField = {
  [Field in LogField]: (typeof logFields)[Field] extends 'number' ? Field : never;
}[LogField];
