import * as z from 'zod/mini';
import { isCustomerId } from './addresses.ts';
import { businessParty, customerParty } from './parties.ts';
import { epochSeconds, type ReportedMessage } from './status-event.ts';
import { ulidToUuid } from './ulid.ts';

const kinds = ['text', 'media', 'location', 'referral', 'button', 'legacy-button', 'report', 'raw'] as const;

const text = z.optional(z.string());
const flag = z.optional(z.boolean());
const object = z.optional(z.record(z.string(), z.unknown()));

/** A webhook to make up, as if a customer had written or a report had run. Everything has a default. */
export const inboundSpec = z
  .strictObject({
    kind: z.optional(z.enum(kinds)),
    /** Needed only when several businesses have registered the topic. */
    businessId: text,
    /** The customer, a number or a BSUID. */
    from: z.optional(z.string().check(z.refine(isCustomerId, 'must be a number in E.164 or a BSUID'))),
    /** The customer's BSUID beside a number. */
    userId: text,
    name: text,
    /** The business number. */
    to: text,
    text,
    /** Of `media`. */
    attachment: object,
    /** Of `location`. */
    location: object,
    /** Of `referral`: laid over the documented sample. */
    referral: object,
    /** Of `button`: the pressed button's own id. */
    payload: text,
    /** The id of an accepted message that this one answers; its callbackData comes back. */
    replyTo: text,
    callbackData: z.optional(z.unknown()),
    /** Whether `topic` is in the event. By default as the documented sample of the kind has it. */
    withTopic: flag,
    /** Leaves out `message.id` and what else real messages have and the documented samples do not. */
    bare: flag,
    /** Of `report`: laid over the documented sample. */
    report: object,
    /** Of `raw`: the body as it is, whatever it is. */
    body: text,
    /** Of `raw`: whose address gets it. `messages` by default. */
    topic: text,
  })
  .check(
    z.refine(({ kind, body }) => kind !== 'raw' || body !== undefined, {
      path: ['body'],
      error: 'is required',
    }),
  );
export type InboundSpec = z.infer<typeof inboundSpec>;

/** A webhook ready to be signed and sent. */
export interface InboundEvent {
  readonly topic: string;
  readonly businessId: string | undefined;
  readonly body: string;
  /** Who wrote to which number, which opens the window; undefined when nobody wrote. */
  readonly conversation:
    | { readonly businessNumber: string; readonly customers: readonly string[] }
    | undefined;
}

/** A message that a customer answers. */
export interface AnsweredMessage extends ReportedMessage {
  readonly businessId: string;
}

interface Context {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly newId: () => string;
  /** The business number that is written to when neither the spec nor an answered message names one. */
  readonly businessNumber: string;
  /** What `replyTo` names. */
  readonly answered?: AnsweredMessage | undefined;
}

const sampleReferral = {
  ctwaClid: 'ARAkLkA8nM',
  sourceUrl: 'https://fb.example.com/ad',
  sourceId: 'ADID',
  sourceType: 'ad',
  headline: 'AD_TITLE',
  body: 'AD_DESCRIPTION',
  mediaType: 'image',
  imageUrl: 'https://files.example.com/image',
  videoUrl: 'https://files.example.com/video',
  thumbnailUrl: 'https://files.example.com/thumbnail',
};

/** Builds the documented sample of a kind, with what the spec gives in its place. */
export function inboundEvent(spec: InboundSpec, context: Context): InboundEvent {
  const { kind = 'text', businessId } = spec;
  if (kind === 'raw') {
    return { topic: spec.topic ?? 'messages', businessId, body: spec.body ?? '', conversation: undefined };
  }
  if (kind === 'report') {
    const body = JSON.stringify(reportEvent(spec, context));
    return { topic: 'report', businessId, body, conversation: undefined };
  }

  const { answered } = context;
  const from = spec.from ?? answered?.recipient ?? '+16315555500';
  const to = spec.to ?? answered?.businessNumber ?? context.businessNumber;
  const callbackData =
    spec.callbackData === undefined ? answered?.send.callbackData : { value: spec.callbackData };
  const event = {
    ...((spec.withTopic ?? kind === 'button') ? { topic: 'messages' } : {}),
    timestamp: epochSeconds(context.now),
    sender: customerParty({
      id: from,
      channelType: 'whatsapp',
      name: spec.name ?? 'Customer Name',
      userId: spec.userId,
    }),
    recipient: businessParty(to, 'whatsapp'),
    ...(answered === undefined ? {} : { context: { replyToId: ulidToUuid(answered.id) } }),
    ...content(kind, spec, context),
    ...(callbackData === undefined ? {} : { callbackData: callbackData.value }),
  };
  return {
    topic: 'messages',
    businessId: businessId ?? answered?.businessId,
    body: JSON.stringify(event),
    conversation: {
      businessNumber: to,
      customers: spec.userId === undefined ? [from] : [from, spec.userId],
    },
  };
}

type MessageKind = Exclude<(typeof kinds)[number], 'raw' | 'report'>;

function content(kind: MessageKind, spec: InboundSpec, { newId }: Context): object {
  const extra = spec.bare === true ? {} : { id: newId(), attachments: [], location: null };
  switch (kind) {
    case 'text':
      return { message: { ...extra, text: spec.text ?? 'Hello!' } };
    case 'media': {
      const attachment = spec.attachment ?? { type: 'image', url: 'https://files.example.com/photo' };
      return { message: { ...extra, attachments: [attachment] } };
    }
    case 'location': {
      const location = spec.location ?? { latitude: 49.2827, longitude: -123.1207 };
      return { message: { ...extra, text: '', attachments: [], location } };
    }
    case 'referral': {
      const referral = { ...sampleReferral, ...spec.referral };
      return { message: { ...extra, text: spec.text ?? 'Hello!', referral } };
    }
    case 'button':
      return { buttonResponse: { id: newId(), text: spec.text ?? 'Yes', payload: spec.payload ?? '1' } };
    case 'legacy-button':
      return { message: { text: spec.text ?? 'Yes', isButtonResponse: true } };
  }
}

/** The report's times are ISO 8601, unlike those of every other event. */
function reportEvent(spec: InboundSpec, { now, newId }: Context): object {
  const at = (offsetMs: number): string => new Date(now + offsetMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    topic: 'report',
    timestamp: at(0),
    report: {
      id: 'c80716a5-62c5-4ba5-b99d-5c2a6fd39317',
      name: 'Daily Campaign Report',
      type: 'campaign.daily.custom',
      last_run: {
        id: `run-${newId()}`,
        status: 'completed',
        result: {
          url: 'https://files.example.com/report',
          expires_at: at(10 * 60 * 1000),
          created_at: at(-1000),
        },
      },
      ...spec.report,
    },
  };
}
