/** The longest webhook body that is accepted, in bytes: a queue message holds it even as base64. */
export const maximumBodyBytes = 512 * 1024;

/** What the front hands over: the part of API Gateway's event (payload 2.0) that a webhook consists of. */
export interface WebhookRequest {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/**
 * The bytes that Connectly sent, and signed. Never decoded as text first: that would drop a BOM or mend bad UTF-8.
 * Whatever is no string is no body: Buffer.from would throw, or allocate as much as an object's `length` asks for.
 */
export function bodyBytes({ body, isBase64Encoded }: WebhookRequest): Buffer {
  return typeof body === 'string' ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : Buffer.alloc(0);
}
