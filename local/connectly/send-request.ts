import { Refusal } from '../../connectly-events/refusals.ts';
import type { FieldReader } from './fields.ts';

/** What the fake needs to know about a well-formed send, from either endpoint. */
export interface SendRequest {
  /** The business number to send from; undefined when the request names none. */
  readonly senderNumber: string | undefined;
  /** E.164 or a bare BSUID. */
  readonly customer: string;
  readonly channelType: string;
  /** Templates only. */
  readonly templateName: string | undefined;
  readonly campaignName: string | undefined;
  /** Present when the request has the field, whatever its value. */
  readonly callbackData: { readonly value: unknown } | undefined;
}

/** The vendor's limit. It does not say which serialisation it measures: compact UTF-8 JSON is our reading. */
const callbackDataMaxBytes = 1024;

/** Reads `callbackData`, any JSON. Throws a `Refusal` when it is too long. */
export function readCallbackData(body: FieldReader): { readonly value: unknown } | undefined {
  if (!body.has('callbackData')) return undefined;
  const value = body.get('callbackData') ?? null;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > callbackDataMaxBytes) {
    throw Refusal.malformed(
      `callbackData: ${bytes} bytes of JSON, at most ${callbackDataMaxBytes} are allowed`,
    );
  }
  return { value };
}
