/**
 * What an emulated AWS service looks like to the endpoint that serves it: a name (the part of `x-amz-target` before
 * the dot), a version of the JSON protocol, and one function for each operation.
 */
export interface AwsService {
  /** `AmazonSQS`, `secretsmanager`, ... */
  readonly target: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

/** Resolves to the answer's JSON object, or rejects with an `AwsError`. */
export type AwsOperation = (
  input: Readonly<Record<string, unknown>>,
  context: CallContext,
) => Promise<object>;

export interface CallContext {
  /** Aborted when the caller hangs up before it was answered. */
  readonly signal: AbortSignal;
}

/** An error as AWS answers it. `code` is the `__type` of the JSON protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** The code that the service's older Query protocol had, sent as `x-amzn-query-error`; SQS still does this. */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, options: { status?: number; queryCode?: string } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
  }
}
