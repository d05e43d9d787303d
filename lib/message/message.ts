import * as z from 'zod/mini';
import { businessIdPattern } from './business-id.ts';
import { maximumCallbackDataBytes, wrapCallbackData } from './callback-data.ts';
import { bsuidPattern, e164Pattern } from './phone-number.ts';
import { sendIdPattern } from './send-id.ts';
import { sessionContent } from './session-content.ts';

/** The channel of a message that names none. */
export const defaultChannel = 'whatsapp';

const text = z.string().check(z.minLength(1, 'must not be empty'));

/** zod leaves out a rule over several fields once one field is wrong; every problem is to be told at once. */
const always = () => true;

const phoneNumber = z
  .string()
  .check(
    z.regex(
      e164Pattern,
      'must be a phone number in E.164 form, like +15555555555: plus, country code, digits only',
    ),
  );

const recipient = z.string().check(
  z.refine((value) => e164Pattern.test(value) || bsuidPattern.test(value), {
    error:
      'must be a phone number in E.164 form, like +15555555555, or a business-scoped user id, like US.1349 without "bsuid:"',
  }),
);

export const messageTime = z.iso.datetime({
  offset: true,
  error: 'must be an ISO time with its zone, like 2026-11-22T18:00:00Z',
});

/** The fields that every message may have; only `to` is required. */
const common = {
  to: recipient,
  /** The producer's key: one send per id. It comes back as `sendId` on the events that answer this send. */
  id: z.optional(z.string().check(z.regex(sendIdPattern, 'must be 1 to 128 printable ASCII characters'))),
  from: z.optional(phoneNumber),
  businessId: z.optional(
    z.string().check(z.regex(businessIdPattern, 'must be letters, digits, "-" or "_", at most 128')),
  ),
  channelType: z.optional(text),
  ifUnclear: z.optional(z.enum(['hold', 'settle', 'resend'])),
  expiresAt: z.optional(messageTime),
  callbackData: z.optional(z.unknown()),
};

/** More than any template has: where there is a limit, what is wrong with a message has an end. */
const maximumParameters = 1_000;

const parameter = z.strictObject({ name: text, value: z.string(), filename: z.optional(text) });

const textMessage = z.strictObject({ type: z.literal('text'), ...common, text });

const templateMessage = z.strictObject({
  type: z.literal('template'),
  ...common,
  templateName: text,
  language: z.optional(text),
  parameters: z.optional(
    z
      .array(parameter)
      .check(z.maxLength(maximumParameters, `must hold at most ${maximumParameters} parameters`)),
  ),
  campaignName: z.optional(text),
});

const sessionMessage = z.strictObject({ type: z.literal('session'), ...common, message: sessionContent });

/** Any message on the sends queue: the single source of its types, its validation and its JSON Schema. */
export const messageSchema = z
  .discriminatedUnion('type', [textMessage, templateMessage, sessionMessage])
  .check(
    z.refine((message) => message.type !== 'template' || !namesOtherChannel(message.channelType), {
      path: ['channelType'],
      error: 'must be "whatsapp" or absent: templates exist on WhatsApp only',
      when: always,
    }),
    z.refine((message) => callbackDataBytes(message) <= maximumCallbackDataBytes, {
      path: ['callbackData'],
      error: `is over ${maximumCallbackDataBytes} bytes of compact JSON together with the id that travels with it: shorten it`,
      when: always,
    }),
  );

export type Message = z.infer<typeof messageSchema>;
export type TextMessage = z.infer<typeof textMessage>;
export type TemplateMessage = z.infer<typeof templateMessage>;
export type SessionMessage = z.infer<typeof sessionMessage>;

/** The policy for a send of which nobody can know whether Connectly accepted it. */
export type IfUnclear = NonNullable<Message['ifUnclear']>;

/** The fields that a message of each type may have: for the suggestion beside an unknown one. */
export const knownFields: Readonly<Record<Message['type'], readonly string[]>> = {
  text: Object.keys(textMessage.shape),
  template: Object.keys(templateMessage.shape),
  session: Object.keys(sessionMessage.shape),
};

/** The `callbackData` of the request: the producer's id and data in our wrapper, or undefined without either. */
export function callbackDataOf(message: Message): Record<string, unknown> | undefined {
  return wrapCallbackData({
    ...(message.id !== undefined && { sendId: message.id }),
    ...(message.businessId !== undefined && { businessId: message.businessId }),
    ...(message.callbackData !== undefined && { callbackData: message.callbackData }),
  });
}

/** A value that is no channel name at all has a problem of its own. */
function namesOtherChannel(channelType: unknown): boolean {
  return typeof channelType === 'string' && channelType !== '' && channelType !== defaultChannel;
}

function callbackDataBytes(message: Message): number {
  const wrapped = callbackDataOf(message);
  return wrapped === undefined ? 0 : Buffer.byteLength(JSON.stringify(wrapped));
}
