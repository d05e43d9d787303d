/** The longest webhook body that is accepted, in bytes: a queue message holds it even as base64. */
export const maximumBodyBytes = 512 * 1024;

/** What the front hands over: the part of API Gateway's event that a webhook consists of. Any member may be absent or null. */
export interface WebhookRequest {
  readonly headers?: Headers | null;
  /** Only in events of the older payload 1.0, where `headers` hides all values of a repeated header but the last. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | null | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean | null;
}

export type Headers = Readonly<Record<string, string | null | undefined>>;

/** The request's headers; the values of repeated ones joined with commas, as payload 2.0 has them. */
export function requestHeaders({ headers, multiValueHeaders }: WebhookRequest): Headers {
  const repeated = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    Array.isArray(values) && values.length > 1 ? [[name, values.join(',')]] : [],
  );
  return { ...headers, ...Object.fromEntries(repeated) };
}

/**
 * The bytes that Connectly sent, and signed. Never decoded as text first: that would drop a BOM or mend bad UTF-8.
 * Anything but a string counts as no body: Buffer.from would throw, or allocate as much as an object's `length` asks for.
 */
export function bodyBytes({ body, isBase64Encoded }: WebhookRequest): Buffer {
  return typeof body === 'string' ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : Buffer.alloc(0);
}
