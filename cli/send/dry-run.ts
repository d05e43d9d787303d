import * as z from 'zod';
import { connectlyApiUrl } from '../../lib/connectly/api.ts';
import { toSendRequest } from '../../lib/connectly/requests.ts';
import type { Message } from '../../lib/message/message.ts';
import { defaultConnectlyBaseUrl, type Target } from '../target/target.ts';
import { jsonLines } from '../terminal/lines.ts';
import { maskNumber, maskNumbersIn } from '../terminal/masking.ts';

export const dryRunSchema = z.strictObject({
  step: z.literal('dry-run'),
  /** What would be queued. */
  message: z.record(z.string(), z.unknown()),
  /** What Connectly would get. The API key is left out. */
  request: z.strictObject({
    method: z.literal('POST'),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.record(z.string(), z.unknown()),
  }),
  warnings: z.array(z.string()),
});

export type DryRun = z.infer<typeof dryRunSchema>;

/** Stands where the stage's own setting would. */
const businessPlaceholder = 'BUSINESS_ID';

export interface DryRunOptions {
  readonly reveal: boolean;
  readonly warnings: readonly string[];
  /** Where it would be queued, when that is known. */
  readonly stage: Pick<Target, 'businessId' | 'senderNumber' | 'connectlyBaseUrl'> | undefined;
}

/** What would be queued and requested, without asking anybody: what only an unknown stage knows is left out or named. */
export function dryRunOf(message: Message, { reveal, warnings, stage }: DryRunOptions): DryRun {
  const { path, body } = toSendRequest(message, stage?.senderNumber);
  const businessId = message.businessId ?? stage?.businessId ?? businessPlaceholder;
  const recipients = [message.to, `bsuid:${message.to}`];
  const shown = (value: object) =>
    z.record(z.string(), z.unknown()).parse(reveal ? value : masked(value, recipients));
  return {
    step: 'dry-run',
    message: shown(message),
    request: {
      method: 'POST',
      url: connectlyApiUrl(stage?.connectlyBaseUrl ?? new URL(defaultConnectlyBaseUrl), { businessId, path })
        .href,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: shown(body),
    },
    warnings: [...warnings],
  };
}

export function dryRunInWords({ message, request }: DryRun): string[] {
  return [
    'Queue message:',
    ...jsonLines(message),
    '',
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    '',
    ...jsonLines(request.body),
  ];
}

/** The same JSON with every phone number in its texts masked, and whatever is exactly one of `recipients`. */
export function masked(value: unknown, recipients: readonly string[]): unknown {
  if (typeof value === 'string') {
    return recipients.includes(value) ? maskNumber(value) : maskNumbersIn(value);
  }
  if (Array.isArray(value)) return value.map((inner) => masked(inner, recipients));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, recipients)]));
}
