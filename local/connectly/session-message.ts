import { isCustomerId, isE164 } from '../../connectly-events/addresses.ts';
import { Refusal } from '../../connectly-events/refusals.ts';
import { FieldReader } from './fields.ts';
import { checkListMessage, checkReplyButtons } from './interactive-message.ts';
import { readCallbackData, type SendRequest } from './send-request.ts';

const attachmentTypes = ['image', 'video', 'audio', 'document'] as const;
const interactiveKinds = [
  'listMessage',
  'replyButtonMessage',
  'singleProductMessage',
  'multiProductMessage',
] as const;

/** The vendor's channels that its pages name. */
const channelTypes: ReadonlySet<string> = new Set(['whatsapp', 'sms']);

/** Reads the body of `POST /send/messages`. Throws a `Refusal` or a `FieldError`. */
export function readSessionMessage(json: unknown): SendRequest {
  const body = new FieldReader(json);
  const sender = body.object('sender');
  const senderNumber = sender?.requiredString('id');
  if (senderNumber !== undefined && !isE164(senderNumber)) throw new Refusal('ERROR_CODE_INVALID_SENDER_ID');
  sender?.requiredString('channelType');

  const recipient = body.requiredObject('recipient');
  const customer = recipient.requiredString('id');
  if (!isCustomerId(customer)) throw new Refusal('ERROR_CODE_PHONE_NUMBER_BAD_FORMAT');
  const channelType = recipient.requiredString('channelType');
  recipient.string('name');
  if (!channelTypes.has(channelType)) throw new Refusal('ERROR_CODE_BUSINESS_MISSES_MATCHING_CHANNEL');

  checkContent(body.requiredObject('message'));
  return {
    senderNumber,
    customer,
    channelType,
    templateName: undefined,
    campaignName: body.string('campaignName'),
    callbackData: readCallbackData(body),
  };
}

/** One kind of content; `text` is the whole of it, or the body of an interactive kind. */
function checkContent(message: FieldReader): void {
  message.string('id');
  const text = message.string('text') ?? '';
  const attachments = message.array('attachments') ?? [];
  const location = message.object('location');
  const interactive = interactiveKinds.filter((kind) => message.object(kind) !== undefined);

  if (attachments.length > 1) throw new Refusal('ERROR_CODE_MESSAGE_ATTACHMENTS_NUMBER_INVALID');
  const standsAlone = attachments.length + (location === undefined ? 0 : 1);
  const kinds = standsAlone + interactive.length;
  if (kinds > 1 || (standsAlone === 1 && text !== '')) {
    throw Refusal.malformed('message: one kind of content for each message');
  }
  if (text === '' && (kinds === 0 || interactive.includes('multiProductMessage'))) {
    throw new Refusal('ERROR_CODE_MESSAGE_TEXT_EMPTY');
  }

  if (attachments.length === 1) checkAttachment(new FieldReader(attachments[0], 'message.attachments[0]'));
  if (location !== undefined) checkLocation(location);
  const list = message.object('listMessage');
  if (list !== undefined) checkListMessage(list);
  const buttons = message.object('replyButtonMessage');
  if (buttons !== undefined) checkReplyButtons(buttons, text);
}

function checkAttachment(attachment: FieldReader): void {
  if (attachment.oneOf('type', attachmentTypes) === undefined) attachment.fail('type', 'is required');
  const url = attachment.string('url') ?? '';
  if (url === '') throw new Refusal('ERROR_CODE_MESSAGE_ATTACHMENT_EMPTY');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Refusal('ERROR_CODE_MESSAGE_ATTACHMENT_INVALID');
  }
  attachment.string('caption');
  attachment.string('filename');
}

/** Types only: which of the four are required is not documented. */
function checkLocation(location: FieldReader): void {
  location.number('latitude');
  location.number('longitude');
  location.string('name');
  location.string('address');
}
