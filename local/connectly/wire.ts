// What goes over the wire, as the vendor's reference prints it. Nothing here is shared with the code that calls it: two
// independent readings of the same page show a misreading, one shared reading hides it.

/** One side of a conversation, in webhooks. */
export interface Party {
  readonly id: string;
  readonly channelType: string;
  readonly name?: string | null;
  /** The customer's BSUID, on numbers that have BSUID support. */
  readonly userId?: string;
  /** `""` for a customer without a phone number. */
  readonly phoneNumber?: string;
}

/** The body of every error, and of `statusUpdate.error`. */
export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly userTitle: string;
  readonly userMessage: string;
  /** Decimal digits beyond 2^53, hence a string. */
  readonly cntTraceId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export const deliveryStatuses = ['sent', 'delivered', 'read', 'delivery_failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The three topics that can be registered. */
export const topics = ['messages', 'delivery_status', 'report'] as const;
export type Topic = (typeof topics)[number];

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

/** A registration, as `GET /webhooks` lists it. */
export interface Registration {
  /** `wh_` and a ULID. */
  readonly id: string;
  readonly topic: Topic;
  readonly address: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The vendor's endpoints by their own paths, without the prefix and the ids. */
export const endpoints = [
  'send/messages',
  'send/whatsapp_templated_messages',
  'create/webhooks',
  'update/webhooks',
  'webhooks',
  'delete/webhooks',
] as const;
export type Endpoint = (typeof endpoints)[number];
