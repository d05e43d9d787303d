import { businessParty, customerParty, type Party } from './parties.ts';
import type { ErrorBody } from './refusals.ts';

export const deliveryStatuses = ['sent', 'delivered', 'read', 'delivery_failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The webhook of topic `delivery_status`. */
export interface DeliveryStatusEvent {
  readonly topic: 'delivery_status';
  /** Epoch seconds, as a string. */
  readonly timestamp: string;
  readonly sender: Party;
  readonly recipient: Party;
  readonly statusUpdate: {
    /** The id that the send was answered with. */
    readonly id: string;
    readonly status: DeliveryStatus;
    readonly error: ErrorBody | null;
  };
  readonly metadata: { readonly campaign_name: string } | null;
  readonly callbackData?: unknown;
}

/** What an event tells of the message that it is about. */
export interface ReportedMessage {
  readonly id: string;
  readonly businessNumber: string;
  /** E.164 or a bare BSUID. */
  readonly recipient: string;
  readonly send: {
    readonly channelType: string;
    readonly campaignName?: string | undefined;
    /** Present when the send had the field, whatever its value. */
    readonly callbackData?: { readonly value: unknown } | undefined;
  };
}

/** The webhook that tells how far a message has come. `at` is in epoch milliseconds; `error` goes with a failure only. */
export function statusEvent(options: {
  message: ReportedMessage;
  status: DeliveryStatus;
  error: ErrorBody | null;
  at: number;
}): DeliveryStatusEvent {
  const { id, businessNumber, recipient, send } = options.message;
  return {
    topic: 'delivery_status',
    timestamp: epochSeconds(options.at),
    sender: businessParty(businessNumber, send.channelType),
    recipient: customerParty({ id: recipient, channelType: send.channelType, name: null }),
    statusUpdate: { id, status: options.status, error: options.error },
    metadata: send.campaignName === undefined ? null : { campaign_name: send.campaignName },
    ...(send.callbackData === undefined ? {} : { callbackData: send.callbackData.value }),
  };
}

/** The vendor writes times as seconds in a string. */
export function epochSeconds(at: number): string {
  return String(Math.floor(at / 1000));
}
