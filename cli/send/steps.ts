import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { explainCode } from '../explain/explain-code.ts';
import { logLineSchema } from '../logs/log-line.ts';
import type { SendingPause } from '../logs/pauses.ts';
import { present } from '../present.ts';

/** What an attempt comes to, and what Connectly says of the message later. */
const attemptResults = ['not-sent', 'accepted', 'refused', 'unclear', 'duplicate'] as const;
const statuses = ['sent', 'delivered', 'read', 'failed'] as const;

export const stepSchema = z.strictObject({
  /** In the order in which it usually happens. */
  step: z.enum(['queued', 'paused', ...attemptResults, ...statuses]),
  /** When, as an ISO time. */
  at: z.iso.datetime(),
  /** The id that SQS gave the message. */
  sqsMessageId: z.string().optional(),
  /** Connectly's id of the message. */
  vendorId: z.string().optional(),
  code: z.string().optional(),
  /** While sending pauses: why, since when, and when it is tried again. */
  cause: z.string().optional(),
  since: z.iso.datetime().optional(),
  nextTryAt: z.iso.datetime().optional(),
  /** Of the cause, where there is one; else of the code. */
  meaning: z.string().optional(),
  remedy: z.string().optional(),
  /** When it is tried again. */
  retryInSeconds: z.number().optional(),
  /** What should have followed could not be done: it comes back, nobody knows when. */
  comesBack: z.literal(true).optional(),
  /** What is odd about the message; it was queued all the same. */
  warnings: z.array(z.string()).optional(),
});

export type Step = z.infer<typeof stepSchema>;

/** How far one may want to follow. */
export const goals = ['accepted', 'sent', 'delivered', 'read'] as const;

export type Goal = (typeof goals)[number];

/** What is read of a line that the functions log: of an attempt to send, or of a webhook. */
const lineSchema = logLineSchema
  .omit({ level: true })
  .extend({ event: z.enum(['attempt', 'attempt-failed', 'webhook']) });

/** The step that a line about one attempt tells; undefined for a line that is about something else. */
export function attemptStep(line: string, sqsMessageId: string): Step | undefined {
  const read = readLine(line);
  if (read === undefined || read.event === 'webhook' || read.sqsMessageId !== sqsMessageId) return undefined;
  const { timestamp: at, vendorId, retryInSeconds } = read;
  const comesBack = read.event === 'attempt-failed';
  // Refused, or a bug: whatever it was, it has not been sent, and it is not over.
  const step =
    comesBack && read.result !== 'unclear'
      ? 'not-sent'
      : attemptResults.find((result) => result === read.result);
  if (step === undefined) return undefined;
  return {
    step,
    at,
    ...present({ vendorId }),
    ...explained(read.code),
    ...present({ retryInSeconds }),
    ...(comesBack && { comesBack }),
  };
}

/** The step of a message that waits because sending pauses. */
export function pausedStep({ saidAt: at, ...pause }: SendingPause): Step {
  return { step: 'paused', at, ...pause };
}

/** The step that a line about a webhook tells; undefined unless it is a delivery status of this very message. */
export function statusStep(line: string, vendorId: string): Step | undefined {
  const read = readLine(line);
  // The event's id is the message's own, and the status.
  if (read?.event !== 'webhook' || !(read.eventId ?? '').startsWith(`${vendorId}:`)) return undefined;
  const step = statuses.find((status) => status === read.deliveryStatus);
  return step && { step, at: read.timestamp, vendorId };
}

function readLine(line: string): z.infer<typeof lineSchema> | undefined {
  return lineSchema.safeParse(parseJson(line)).data;
}

function explained(code: string | undefined): Pick<Step, 'code' | 'meaning' | 'remedy'> {
  if (code === undefined) return {};
  const { meaning, remedy } = explainCode(code) ?? {};
  return present({ code, meaning, remedy });
}
