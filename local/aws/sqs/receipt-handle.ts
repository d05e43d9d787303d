import { randomBytes } from 'node:crypto';

/** Which receive a handle stands for: a handle belongs to one receive of one message, not to the message. */
export interface Receipt {
  readonly queueArn: string;
  readonly messageId: string;
  /** 1 for the first receive on this queue. */
  readonly receipt: number;
}

/** An opaque string, different each time. */
export function encodeReceiptHandle({ queueArn, messageId, receipt }: Receipt): string {
  const text = [randomBytes(9).toString('base64url'), queueArn, messageId, receipt].join(' ');
  return Buffer.from(text).toString('base64');
}

/** Undefined for a string that no queue here has handed out. */
export function decodeReceiptHandle(handle: string): Receipt | undefined {
  const text = Buffer.from(handle, 'base64').toString('utf8');
  const [, queueArn, messageId, receipt] =
    /^[\w-]{12} (arn:aws:sqs:\S+) ([0-9a-f-]{36}) (\d{1,15})$/.exec(text) ?? [];
  if (queueArn === undefined || messageId === undefined || receipt === undefined) return undefined;
  return { queueArn, messageId, receipt: Number(receipt) };
}
