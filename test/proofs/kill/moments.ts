import { isObject } from '../../../lib/message/json.ts';
import { decodeReceiptHandle } from '../../../local/aws/sqs/receipt-handle.ts';
import type { AwsCall } from './aws-proxy.ts';
import type { Moment } from './points.ts';
import { idOf, type Target } from './targets.ts';

/** What a worker's call means, and for which message. */
export interface Seen {
  readonly target: Target;
  readonly moment: Moment;
  /** The attempt that a ledger write names. */
  readonly attempt?: string | undefined;
}

export interface KnownMessages {
  readonly byKey: ReadonlyMap<string, Target>;
  readonly byId: ReadonlyMap<string, Target>;
  /** By the ids that SQS gave. */
  readonly byMessageId: ReadonlyMap<string, Target>;
}

/** Nothing for a call that is about no message of the run, or says nothing about its state. */
export function readCall(
  { operation, input }: Pick<AwsCall, 'operation' | 'input'>,
  known: KnownMessages,
): readonly Seen[] {
  switch (operation) {
    case 'PutItem': {
      const seen = readWrite(input, known);
      return seen === undefined ? [] : [seen];
    }
    case 'SendMessage': {
      const toOutcomes = String(input['QueueUrl']).endsWith('-outcomes');
      const target = known.byId.get(idOf(input['MessageBody']) ?? '');
      return toOutcomes && target !== undefined ? [{ target, moment: 'park' }] : [];
    }
    case 'ChangeMessageVisibilityBatch': {
      const entries: unknown[] = Array.isArray(input['Entries']) ? input['Entries'] : [];
      return entries.filter(isObject).flatMap(({ ReceiptHandle: handle }) => {
        const receipt = decodeReceiptHandle(String(handle));
        const target = known.byMessageId.get(receipt?.messageId ?? '');
        return target === undefined ? [] : [{ target, moment: 'hide' as const }];
      });
    }
    default:
      return [];
  }
}

function readWrite(input: AwsCall['input'], { byKey }: KnownMessages): Seen | undefined {
  const { Item: item } = input;
  const target = byKey.get(text(item, 'pk') ?? '');
  if (target === undefined) return undefined;
  const attempt = text(item, 'attempt');
  switch (text(item, 'state')) {
    case 'SENDING':
      // The attempt that holds the claim gives it up with a second write.
      return { target, moment: attempt === target.attempt ? 'yield' : 'claim', attempt };
    case 'SENT':
      return { target, moment: 'sent', attempt };
    case 'UNKNOWN':
      return { target, moment: 'unknown', attempt };
    case 'RETRY':
      return { target, moment: 'retry', attempt };
    default:
      return undefined;
  }
}

function text(item: unknown, attribute: string): string | undefined {
  const value: unknown = isObject(item) ? item[attribute] : undefined;
  return isObject(value) && typeof value['S'] === 'string' ? value['S'] : undefined;
}
