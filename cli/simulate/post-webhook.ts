import * as z from 'zod';
import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
import { CommandError, configurationError, exitCodes } from '../errors.ts';
import type { Network } from '../network/network.ts';

/** How long an answer may take, in milliseconds: API Gateway gives up on a function after 30 s. */
const deadlineMs = 31_000;

export interface WebhookPost {
  readonly network: Network;
  readonly url: string;
  readonly body: Buffer;
  readonly secret: string;
  /** API Gateway hands over in base64 what it does not know to be text. */
  readonly binary: boolean;
  readonly signal: AbortSignal;
}

export const answerSchema = z.strictObject({ status: z.int(), body: z.string(), durationMs: z.int() });

export type WebhookAnswer = z.infer<typeof answerSchema>;

/** Sends a webhook as Connectly does. A redirect is an answer like another: Connectly's bytes go nowhere else. */
export async function postWebhook({
  network,
  url,
  body,
  secret,
  binary,
  signal,
}: WebhookPost): Promise<WebhookAnswer> {
  const startedAt = Date.now();
  try {
    const { status, body: said } = await network.ask(url, {
      method: 'POST',
      headers: {
        'content-type': binary ? 'application/octet-stream' : 'text/plain; charset=utf-8',
        [signatureHeader]: sign(body, secret),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
    return { status, body: said, durationMs: Date.now() - startedAt };
  } catch (cause) {
    if (signal.aborted || cause instanceof CommandError) throw cause;
    throw configurationError(
      'webhook-unreachable',
      `${url} does not answer. Check the network, and that the stack is still there: npm start, or npx serverless info --stage STAGE`,
      { cause },
    );
  }
}

/** The error that answers come to; undefined when each is what it should be. */
export function verdictOn(
  answers: readonly { readonly status: number }[],
  { badSignature }: { badSignature: boolean },
): CommandError | undefined {
  const expected = badSignature ? 401 : 200;
  const wrong = answers.filter(({ status }) => status !== expected);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const message = `${countOf(wrong.length, answers.length)} ${first.status} instead of ${expected}. ${remedyOf(first.status, badSignature)}`;
  const [code, exitCode] = badSignature
    ? (['forgery-not-refused', exitCodes.unexpected] as const)
    : (['webhook-refused', exitCodes.configuration] as const);
  const end = wrong.length === answers.length ? exitCode : exitCodes.partlyDone;
  return new CommandError(end, code, message);
}

function countOf(wrong: number, all: number): string {
  if (all === 1) return 'The answer was';
  return wrong === all ? `All ${all} answers were` : `${wrong} of ${all} answers were`;
}

function remedyOf(status: number, badSignature: boolean): string {
  if (badSignature && status === 200) return 'Whatever answers there does not check signatures.';
  switch (status) {
    case 401:
      return 'The functions know another webhook secret: a new one is taken up within 5 minutes. More: npx relay explain signature-wrong';
    case 413:
      return 'The body is over 512 KiB.';
    case 503:
      return 'The webhook secret or the events queue is unavailable: look at the log of receive-webhook. More: npx relay explain secret-unavailable';
    default:
      return 'That is not the relay: check the address.';
  }
}
