import type { IncomingMessage } from 'node:http';

/** Reads a request's body; undefined when it has more than `maxBytes` or breaks off. */
export async function readRequestBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      length += chunk.length;
      // The rest is read and thrown away, so that the caller, who is still writing, gets to the answer.
      if (length <= maxBytes) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return length > maxBytes ? undefined : Buffer.concat(chunks);
}

/** Parses JSON in UTF-8; undefined when it is neither. */
export function parseJson(bytes: Buffer): { readonly json: unknown } | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return { json };
  } catch {
    return undefined;
  }
}
