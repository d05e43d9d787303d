import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { explainCode } from '../explain/explain-code.ts';
import { logLineSchema } from '../tail/log-line.ts';
import type { Step } from './steps.ts';

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
  const step = comesBack && read.result !== 'unclear' ? 'not-sent' : stepOf(read.result);
  if (step === undefined) return undefined;
  return {
    step,
    at,
    ...(vendorId !== undefined && { vendorId }),
    ...explained(read.code),
    ...(retryInSeconds !== undefined && { retryInSeconds }),
    ...(comesBack && { comesBack }),
  };
}

/** The step that a line about a webhook tells; undefined unless it is a delivery status of this very message. */
export function statusStep(line: string, vendorId: string): Step | undefined {
  const read = readLine(line);
  // The event's id is the message's own, and the status.
  if (read?.event !== 'webhook' || !(read.eventId ?? '').startsWith(`${vendorId}:`)) return undefined;
  switch (read.deliveryStatus) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'failed':
      return { step: read.deliveryStatus, at: read.timestamp, vendorId };
    default:
      return undefined;
  }
}

function readLine(line: string): z.infer<typeof lineSchema> | undefined {
  return lineSchema.safeParse(parseJson(line)).data;
}

function stepOf(result: string | undefined): Step['step'] | undefined {
  switch (result) {
    case 'accepted':
    case 'refused':
    case 'not-sent':
    case 'unclear':
    case 'duplicate':
      return result;
    default:
      return undefined;
  }
}

function explained(code: string | undefined): Pick<Step, 'code' | 'meaning' | 'remedy'> {
  if (code === undefined) return {};
  const explanation = explainCode(code);
  return explanation === undefined
    ? { code }
    : { code, meaning: explanation.meaning, remedy: explanation.remedy };
}
