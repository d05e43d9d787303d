import * as z from 'zod/mini';
import { parseJson } from './json.ts';

/** What the webhook tells settle-send about a delivery status: which of our sends it names, and nothing personal. */
const sendStatusSchema = z.object({
  /** The producer's id. */
  sendId: z.string(),
  /** When the message named one itself. */
  businessId: z.optional(z.string()),
  /** Connectly's id of the message. */
  vendorId: z.optional(z.string()),
});

export type SendStatus = z.infer<typeof sendStatusSchema>;

/** What a report's body says; `undefined` where it is no report. */
export function toSendStatus(body: string): SendStatus | undefined {
  return sendStatusSchema.safeParse(parseJson(body)).data;
}
