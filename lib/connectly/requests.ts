import { callbackDataOf, defaultChannel, type Message } from '../message/message.ts';
import { isBsuid } from '../message/phone-number.ts';

/** A send request as Connectly documents it: the path below `/v1/businesses/{businessId}` and the JSON body. */
export interface SendRequest {
  readonly path: '/send/messages' | '/send/whatsapp_templated_messages';
  /** What is undefined is left out of the JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Builds the request for a message. What the producer left out is undefined. `senderNumber` is used when the
 * message has no `from`.
 */
export function toSendRequest(message: Message, senderNumber: string | undefined): SendRequest {
  const callbackData = callbackDataOf(message);
  const from = message.from ?? senderNumber;
  switch (message.type) {
    case 'template':
      return {
        path: '/send/whatsapp_templated_messages',
        body: {
          // On this endpoint the sender is a string, and a business-scoped user id needs a prefix.
          sender: from,
          number: isBsuid(message.to) ? `bsuid:${message.to}` : message.to,
          templateName: message.templateName,
          language: message.language,
          parameters: message.parameters,
          campaignName: message.campaignName,
          callbackData,
        },
      };
    case 'text':
    case 'session': {
      const channelType = message.channelType ?? defaultChannel;
      return {
        path: '/send/messages',
        body: {
          sender: from === undefined ? undefined : { id: from, channelType },
          recipient: { id: message.to, channelType },
          message: message.type === 'text' ? { text: message.text } : message.message,
          callbackData,
        },
      };
    }
  }
}
