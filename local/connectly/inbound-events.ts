import { isCustomerId } from './addresses.ts';
import { FieldReader, type JsonObject } from './fields.ts';
import type { AcceptedMessage } from './journal.ts';
import { businessParty, customerParty } from './parties.ts';
import { epochSeconds } from './status-events.ts';
import { ulidToUuid } from './ulid.ts';

const inboundKinds = [
  'text',
  'media',
  'location',
  'referral',
  'button',
  'legacy-button',
  'report',
  'raw',
] as const;

/** A webhook to make up, as if a customer had written or a report had run. Everything has a default. */
export interface InboundSpec {
  readonly kind?: (typeof inboundKinds)[number];
  /** Needed only when several businesses have registered the topic. */
  readonly businessId?: string;
  /** The customer, a number or a BSUID. */
  readonly from?: string;
  /** The customer's BSUID beside a number. */
  readonly userId?: string;
  readonly name?: string;
  /** The business number. */
  readonly to?: string;
  readonly text?: string;
  /** Of `media`. */
  readonly attachment?: { readonly type: string; readonly url: string };
  /** Of `location`. */
  readonly location?: JsonObject;
  /** Of `referral`: laid over the documented sample. */
  readonly referral?: JsonObject;
  /** Of `button`: the pressed button's own id. */
  readonly payload?: string;
  /** The id of an accepted message that this one answers; its callbackData comes back. */
  readonly replyTo?: string;
  readonly callbackData?: unknown;
  /** Whether `topic` is in the event. By default as the documented sample of the kind has it. */
  readonly withTopic?: boolean;
  /** Leaves out `message.id` and what else real messages have and the documented samples do not. */
  readonly bare?: boolean;
  /** Of `report`: laid over the documented sample. */
  readonly report?: JsonObject;
  /** Of `raw`: the body as it is, whatever it is. */
  readonly body?: string;
  /** Of `raw`: whose address gets it. `messages` by default. */
  readonly topic?: string;
}

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

interface Context {
  readonly now: number;
  readonly newId: () => string;
  readonly defaultBusinessNumber: string;
  readonly findMessage: (id: string) => AcceptedMessage | undefined;
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

/** Builds a webhook from a spec that came as JSON. Throws a `FieldError` that names the field. */
export function readInboundEvent(json: unknown, context: Context): InboundEvent {
  const spec = new FieldReader(json);
  spec.refuseOthers(specFields);
  const kind = spec.oneOf('kind', inboundKinds) ?? 'text';
  const businessId = spec.string('businessId');
  if (kind === 'raw') {
    const body = spec.string('body') ?? spec.fail('body', 'is required');
    return { topic: spec.string('topic') ?? 'messages', businessId, body, conversation: undefined };
  }
  if (kind === 'report') {
    const body = JSON.stringify(reportEvent(spec, context));
    return { topic: 'report', businessId, body, conversation: undefined };
  }

  const answered = answeredMessage(spec, context);
  const from = spec.string('from') ?? answered?.recipient ?? '+16315555500';
  if (!isCustomerId(from)) spec.fail('from', 'must be a number in E.164 or a BSUID');
  const userId = spec.string('userId');
  const to = spec.string('to') ?? answered?.businessNumber ?? context.defaultBusinessNumber;
  const callbackData = spec.has('callbackData')
    ? { value: spec.get('callbackData') ?? null }
    : answered?.send.callbackData;
  const event = {
    ...((spec.boolean('withTopic') ?? kind === 'button') ? { topic: 'messages' } : {}),
    timestamp: epochSeconds(context.now),
    sender: customerParty({
      id: from,
      channelType: 'whatsapp',
      name: spec.string('name') ?? 'Customer Name',
      userId,
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
    conversation: { businessNumber: to, customers: userId === undefined ? [from] : [from, userId] },
  };
}

const specFields = [
  'kind',
  'businessId',
  'from',
  'userId',
  'name',
  'to',
  'text',
  'attachment',
  'location',
  'referral',
  'payload',
  'replyTo',
  'callbackData',
  'withTopic',
  'bare',
  'report',
  'body',
  'topic',
] as const satisfies ReadonlyArray<keyof InboundSpec>;

type MessageKind = Exclude<(typeof inboundKinds)[number], 'raw' | 'report'>;

function content(kind: MessageKind, spec: FieldReader, context: Context): JsonObject {
  const extra = spec.boolean('bare') === true ? {} : { id: context.newId(), attachments: [], location: null };
  switch (kind) {
    case 'text':
      return { message: { ...extra, text: spec.string('text') ?? 'Hello!' } };
    case 'media': {
      const attachment = spec.object('attachment')?.raw() ?? {
        type: 'image',
        url: 'https://files.example.com/photo',
      };
      return { message: { ...extra, attachments: [attachment] } };
    }
    case 'location': {
      const location = spec.object('location')?.raw() ?? { latitude: 49.2827, longitude: -123.1207 };
      return { message: { ...extra, text: '', attachments: [], location } };
    }
    case 'referral': {
      const referral = { ...sampleReferral, ...spec.object('referral')?.raw() };
      return { message: { ...extra, text: spec.string('text') ?? 'Hello!', referral } };
    }
    case 'button':
      return {
        buttonResponse: {
          id: context.newId(),
          text: spec.string('text') ?? 'Yes',
          payload: spec.string('payload') ?? '1',
        },
      };
    case 'legacy-button':
      return { message: { text: spec.string('text') ?? 'Yes', isButtonResponse: true } };
  }
}

function answeredMessage(spec: FieldReader, context: Context): AcceptedMessage | undefined {
  const id = spec.string('replyTo');
  if (id === undefined) return undefined;
  return (
    context.findMessage(id) ??
    spec.fail('replyTo', 'is not the id of a message that was accepted and is still kept')
  );
}

/** The report's times are ISO 8601, unlike those of every other event. */
function reportEvent(spec: FieldReader, context: Context): JsonObject {
  const at = (offsetMs: number): string =>
    new Date(context.now + offsetMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    topic: 'report',
    timestamp: at(0),
    report: {
      id: 'c80716a5-62c5-4ba5-b99d-5c2a6fd39317',
      name: 'Daily Campaign Report',
      type: 'campaign.daily.custom',
      last_run: {
        id: `run-${context.newId()}`,
        status: 'completed',
        result: {
          url: 'https://files.example.com/report',
          expires_at: at(10 * 60 * 1000),
          created_at: at(-1000),
        },
      },
      ...spec.object('report')?.raw(),
    },
  };
}
