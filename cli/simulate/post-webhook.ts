import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
import { configurationError } from '../errors.ts';

/** How long an answer may take, in milliseconds: API Gateway gives up on a function after 30 s. */
const deadlineMs = 31_000;

export interface WebhookPost {
  readonly url: string;
  readonly body: Buffer;
  readonly secret: string;
  /** API Gateway hands over in base64 what it does not know to be text. */
  readonly binary: boolean;
  readonly signal: AbortSignal;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Sends a webhook as Connectly does. A redirect is an answer like another: Connectly's bytes go nowhere else. */
export async function postWebhook({
  url,
  body,
  secret,
  binary,
  signal,
}: WebhookPost): Promise<WebhookAnswer> {
  const startedAt = Date.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': binary ? 'application/octet-stream' : 'text/plain; charset=utf-8',
        [signatureHeader]: sign(body, secret),
      },
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
    return { status: response.status, body: await response.text(), durationMs: Date.now() - startedAt };
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw configurationError(
      'webhook-unreachable',
      `${url} does not answer. Check the network, and that the stack is still there: npm start, or npx serverless info --stage STAGE`,
      { cause },
    );
  }
}
