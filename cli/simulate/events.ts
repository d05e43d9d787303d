import { wrapCallbackData } from '../../lib/message/callback-data.ts';
import { systemClock } from '../../local/clock.ts';
import { isCustomerId } from '../../local/connectly/addresses.ts';
import { FieldError } from '../../local/connectly/fields.ts';
import { type InboundSpec, readInboundEvent } from '../../local/connectly/inbound-events.ts';
import { errorBody, Refusal } from '../../local/connectly/refusals.ts';
import { statusEvent } from '../../local/connectly/status-events.ts';
import { ulidGenerator } from '../../local/connectly/ulid.ts';
import type { DeliveryStatus } from '../../local/connectly/wire.ts';
import { usageError } from '../errors.ts';

/** The numbers of the vendor's samples. */
const sampleBusinessNumber = '+16044441234';
const sampleCustomer = '+16315555500';

/** Where an event gets its time and its ids from. Epoch milliseconds. */
export interface EventSource {
  readonly now: () => number;
  readonly random: () => number;
}

/** The JSON of an event as the fake Connectly makes it up: the documented sample, with what is given in its place. */
export function inboundBody(spec: InboundSpec, { now, random }: EventSource): string {
  try {
    return readInboundEvent(spec, {
      now: now(),
      newId: ulids({ now, random }),
      defaultBusinessNumber: sampleBusinessNumber,
      findMessage: () => undefined,
    }).body;
  } catch (cause) {
    if (!(cause instanceof FieldError)) throw cause;
    throw usageError(`--${cause.message}`, { cause });
  }
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
export function statusBody(choices: StatusChoices, { now, random }: EventSource): string {
  const { status, to, sendId, messageId, code = 'ERROR_CODE_UNSPECIFIED' } = choices;
  if (to !== undefined && !isCustomerId(to)) throw usageError('--to: must be a number in E.164 or a BSUID');
  const callbackData = wrapCallbackData(sendId === undefined ? {} : { sendId });
  return JSON.stringify(
    statusEvent({
      message: {
        id: messageId ?? ulids({ now, random })(),
        businessNumber: sampleBusinessNumber,
        recipient: to ?? sampleCustomer,
        send: {
          channelType: 'whatsapp',
          campaignName: undefined,
          callbackData: callbackData && { value: callbackData },
        },
      },
      status,
      error: status === 'delivery_failed' ? errorBody(new Refusal(code), random) : null,
      at: now(),
    }),
  );
}

/** The `callbackData` with which an event answers a send; nothing without an id. */
export function answering(sendId: string | undefined): Pick<InboundSpec, 'callbackData'> {
  return sendId === undefined ? {} : { callbackData: wrapCallbackData({ sendId }) };
}

function ulids({ now, random }: EventSource): () => string {
  return ulidGenerator({ ...systemClock, now }, random);
}
