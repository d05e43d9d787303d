/**
 * What an emulated AWS service looks like to the endpoint that serves it: a name (the part of `x-amz-target` before
 * the dot), a version of the JSON protocol, and one function for each operation. Most services are like this.
 */
export interface AwsService {
  /** `AmazonSQS`, `secretsmanager`, ... */
  readonly target: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

/** A service of the older Query protocol, found by its API version; its operations get the form's members as texts. */
export interface QueryService {
  /** `2011-06-15`, ... */
  readonly version: string;
  /** Of the XML that it answers with. */
  readonly namespace: string;
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

/** A service whose operations have methods and paths of their own. */
export interface RestService {
  readonly routes: readonly RestRoute[];
  readonly operations: Readonly<Record<string, AwsOperation>>;
  /** The JSON of an error: services differ in the names of its members. */
  readonly errorBody: (error: AwsError) => object;
}

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters in braces: `/2015-03-31/functions/{FunctionName}/configuration`. */
  readonly path: string;
  readonly operation: string;
  /** Of a success; 200 by default. */
  readonly status?: number;
}

/** Resolves to the answer's JSON object, or rejects with an `AwsError`. */
export type AwsOperation = (
  input: Readonly<Record<string, unknown>>,
  context: CallContext,
) => Promise<object>;

export interface CallContext {
  /** Aborted when the caller hangs up before it was answered. */
  readonly signal: AbortSignal;
  /** X-Ray's header of the request, where it has one. */
  readonly traceHeader?: string | undefined;
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
