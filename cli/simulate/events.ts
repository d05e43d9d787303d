import { isCustomerId } from '../../connectly-events/addresses.ts';
import { type InboundSpec, inboundEvent } from '../../connectly-events/inbound-event.ts';
import { errorBody, Refusal } from '../../connectly-events/refusals.ts';
import { type DeliveryStatus, statusEvent } from '../../connectly-events/status-event.ts';
import { type IdSource, ulidGenerator } from '../../connectly-events/ulid.ts';
import { wrapCallbackData } from '../../lib/message/callback-data.ts';
import { usageError } from '../errors.ts';

/** The numbers of the vendor's samples. */
const sampleBusinessNumber = '+16044441234';
const sampleCustomer = '+16315555500';

/** The JSON of an event as the fake Connectly makes it up: the documented sample, with what is given in its place. */
export function inboundBody(spec: InboundSpec, source: IdSource): string {
  checkCustomer('--from', spec.from);
  return inboundEvent(spec, {
    now: source.now(),
    newId: ulidGenerator(source),
    businessNumber: sampleBusinessNumber,
  }).body;
}

export interface StatusChoices {
  readonly status: DeliveryStatus;
  /** The customer that the message went to. */
  readonly to?: string;
  /** The producer's id of the message. */
  readonly sendId?: string;
  /** Connectly's id of it. */
  readonly messageId?: string;
  /** Of a failure. */
  readonly code?: string;
}

/** The JSON of a delivery status. */
export function statusBody(choices: StatusChoices, source: IdSource): string {
  const { status, to, sendId, messageId, code = 'ERROR_CODE_UNSPECIFIED' } = choices;
  checkCustomer('--to', to);
  const callbackData = wrapCallbackData(sendId === undefined ? {} : { sendId });
  return JSON.stringify(
    statusEvent({
      message: {
        id: messageId ?? ulidGenerator(source)(),
        businessNumber: sampleBusinessNumber,
        recipient: to ?? sampleCustomer,
        send: {
          channelType: 'whatsapp',
          callbackData: callbackData && { value: callbackData },
        },
      },
      status,
      error: status === 'delivery_failed' ? errorBody(new Refusal(code), source.random) : null,
      at: source.now(),
    }),
  );
}

/** The `callbackData` with which an event answers a send; nothing without an id. */
export function answering(sendId: string | undefined): Partial<Pick<InboundSpec, 'callbackData'>> {
  return sendId === undefined ? {} : { callbackData: wrapCallbackData({ sendId }) };
}

function checkCustomer(option: string, id: string | undefined): void {
  if (id !== undefined && !isCustomerId(id))
    throw usageError(`${option}: must be a number in E.164 or a BSUID`);
}
