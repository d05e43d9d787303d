/** A request as a function may be handed it: API Gateway's event, or whatever else an invocation can hold. */
export interface HostileRequest extends RequestParts {
  readonly [name: string]: unknown;
}

/** The members that a webhook consists of, holding anything. */
export interface RequestParts {
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

export interface FuzzedRequest {
  /** What was done to it; the oracle does not read this. */
  readonly mutation: string;
  readonly request: HostileRequest;
  /** The secrets that are live while it is received. */
  readonly secrets: readonly string[];
}
