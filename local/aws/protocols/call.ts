import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../../lib/message/json.ts';
import type { AwsError } from './service.ts';

/** A request to the endpoint, read to its end. */
export interface AwsRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a protocol made of a request: the operation to run, and how the protocol writes what comes of it. */
export interface AwsCall {
  /** Resolves to the operation's answer, or rejects with an `AwsError`; also for input that cannot be read. */
  run(signal: AbortSignal): Promise<object>;
  answer(result: object, requestId: string): AwsAnswer;
  refusal(error: AwsError, requestId: string): AwsAnswer;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The JSON object in a body; `undefined` when it is something else. AWS refuses bytes that are not UTF-8. */
export function parseJsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
