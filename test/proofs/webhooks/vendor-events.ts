import { createHmac } from 'node:crypto';
import { type InboundSpec, inboundEvent } from '../../../connectly-events/inbound-event.ts';
import { deliveryStatuses, statusEvent } from '../../../connectly-events/status-event.ts';
import type { WebhookRequest } from '../../../lib/webhook/request.ts';

/** An event of Connectly's, known by a mark that stands in its bytes. */
export interface VendorEvent {
  readonly mark: string;
  readonly body: Buffer;
}

const businessNumber = '+15550000001';

/** Event number `index`: every kind in turn, neighbours as alike as Connectly's own may be. */
export function vendorEvent(index: number): VendorEvent {
  const mark = `e-${index}-`;
  return { mark, body: bytesOf(index, mark) };
}

function bytesOf(index: number, mark: string): Buffer {
  const number = Math.floor(index / 8);
  switch (index % 8) {
    case 0:
    case 1:
    case 2:
      // Three statuses of one message: only the status tells them apart.
      return json(
        statusEvent({
          message: {
            id: `S${number}`,
            businessNumber,
            recipient: '+15550000002',
            send: {
              channelType: 'whatsapp',
              callbackData: { value: { relay: { v: 1, id: `order ${number}` }, data: { note: mark } } },
            },
          },
          status: deliveryStatuses[index % 8] ?? 'sent',
          error: null,
          at: index * 1000,
        }),
      );
    case 3:
      return inbound({ text: `${mark} canary 😀` }, `M${number}`);
    case 4:
      return inbound({ kind: 'button', payload: mark }, `B${number}`);
    case 5:
      return inbound({ kind: 'report', report: { id: 'R1', last_run: { id: `run ${number}` }, note: mark } });
    case 6:
      // Nothing of Connectly's own to tell it by: its bytes do. Two characters that SQS refuses are in it.
      return json({ topic: 'of tomorrow', text: `${mark} \ufffe \uffff canary` });
    default:
      // No JSON, and no text either.
      return Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(`${mark} canary`)]);
  }
}

function inbound(spec: InboundSpec, id = ''): Buffer {
  return Buffer.from(inboundEvent(spec, { now: 0, newId: () => id, businessNumber }).body);
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** The request as API Gateway hands it over: bytes that are no text come as base64, and others may. */
export function requestFor({ body }: VendorEvent, secret: string, asBase64: boolean): WebhookRequest {
  const isText = Buffer.from(body.toString('utf8')).equals(body);
  const isBase64Encoded = asBase64 || !isText;
  return {
    headers: { 'X-Connectly-Hmac-SHA256': createHmac('sha256', secret).update(body).digest('base64') },
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
