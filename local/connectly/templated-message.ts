import { customerOfTemplate, isE164 } from '../../connectly-events/addresses.ts';
import { Refusal } from '../../connectly-events/refusals.ts';
import { FieldError, FieldReader } from './fields.ts';
import { readCallbackData, type SendRequest } from './send-request.ts';

/**
 * Reads the body of `POST /send/whatsapp_templated_messages`. Throws a `Refusal` or a `FieldError`.
 *
 * `language` may be absent: the newest pages require it, the oldest sample has none, and both must work. Parameter names
 * are open, for the same reason.
 */
export function readTemplatedMessage(json: unknown): SendRequest {
  const body = new FieldReader(json);
  const sender = body.string('sender');
  if (sender !== undefined && !isE164(sender)) throw new Refusal('ERROR_CODE_INVALID_SENDER_ID');
  const customer = customerOfTemplate(body.requiredString('number'));
  if (customer === undefined) throw new Refusal('ERROR_CODE_PHONE_NUMBER_BAD_FORMAT');
  const templateName = body.requiredString('templateName');
  body.string('language');
  checkParameters(body);
  return {
    senderNumber: sender,
    customer,
    channelType: 'whatsapp',
    templateName,
    campaignName: body.string('campaignName'),
    callbackData: readCallbackData(body),
  };
}

function checkParameters(body: FieldReader): void {
  try {
    for (const [index, item] of (body.array('parameters') ?? []).entries()) {
      const parameter = new FieldReader(item, `parameters[${index}]`);
      parameter.requiredString('name');
      if (parameter.string('value') === undefined) parameter.fail('value', 'is required');
      parameter.string('filename');
    }
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new Refusal('ERROR_CODE_MESSAGE_TEMPLATE_INPUT_INVALID', { message: error.message });
  }
}
