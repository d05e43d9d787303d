import type { AcceptedMessage } from './journal.ts';
import { businessParty, customerParty } from './parties.ts';
import type { DeliveryStatus, DeliveryStatusEvent, ErrorBody } from './wire.ts';

/** What a status says of the message that it is about. */
export interface ReportedMessage extends Pick<AcceptedMessage, 'id' | 'businessNumber' | 'recipient'> {
  readonly send: Pick<AcceptedMessage['send'], 'channelType' | 'campaignName' | 'callbackData'>;
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
