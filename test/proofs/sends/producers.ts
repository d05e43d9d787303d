import { createHash } from 'node:crypto';
import type { IfUnclear } from '../../../lib/message/message.ts';

/** A message as a producer queues it. */
export interface Draft {
  /** Stands in its text, so that it is known wherever it goes. */
  readonly mark: string;
  /** The producer's key, when it gave one. */
  readonly id: string | undefined;
  readonly body: string;
  /** Its SQS message attributes. */
  readonly attributes: Readonly<Record<string, object>>;
}

/** As an instrumented SDK adds them: what a copy must take along, and AWS sends with a null beside each value. */
const ownAttributes = {
  baggage: { DataType: 'String', StringValue: 'tenant=a' },
  trace: { DataType: 'Binary', BinaryValue: 'AP8=' },
};

/** The business of messages that name none. */
export const businessId = 'sim-business';

export interface DraftOptions {
  readonly index: number;
  readonly policy: IfUnclear;
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * All kinds of messages: texts, templates and sessions, some without a key, some for another business, some short-lived,
 * some whose policy is the stage's, and some that are no message at all.
 */
export function draft({ index, policy, random, now }: DraftOptions): Draft {
  const mark = `m-${index}-`;
  const attributes = index % 2 === 0 ? ownAttributes : {};
  if (random() < 0.003)
    return { mark, id: undefined, body: `{"type":"text","text":"${mark} canary`, attributes };
  const hasId = random() < 0.9;
  const id = hasId ? `order ${index}` : undefined;
  const common = {
    to: `+1555${String(index).padStart(7, '0')}`,
    ...(id !== undefined && { id }),
    ...(random() < 0.05 && { businessId: 'another-business' }),
    ...(random() < 0.5 && { ifUnclear: policy }),
    ...(random() < 0.01 && { expiresAt: new Date(now + 60_000 + random() * 600_000).toISOString() }),
    ...(random() < 0.1 && { callbackData: { order: index } }),
  };
  const words = `${mark} canary text for Ana`;
  const kind = random();
  const content =
    kind < 0.6
      ? { type: 'text', text: words }
      : kind < 0.9
        ? {
            type: 'template',
            templateName: 'order_ready',
            language: 'en',
            parameters: [{ name: 'body_1', value: words }],
          }
        : { type: 'session', message: { text: words } };
  return { mark, id, body: JSON.stringify({ ...content, ...common }), attributes };
}

/** The same key with other words, as a careless producer queues it. */
export function reworded(made: Draft): Draft {
  return { ...made, body: made.body.replace('canary text', 'canary other text') };
}

/** The ledger's key, worked out from its documented rule and not by the relay's own code. */
export function ledgerKey(body: string, originalId: string): string {
  const business = body.includes('"another-business"') ? 'another-business' : businessId;
  return createHash('sha256')
    .update(JSON.stringify([business, originalId]))
    .digest('hex');
}
