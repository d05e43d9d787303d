import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { scripted } from '../../../support/scripted-clients.ts';
import { awsFailure, type Injected } from './faults.ts';
import type { Life } from './life.ts';
import type { VirtualDeadlines } from './virtual-deadlines.ts';

type Item = Record<string, AttributeValue>;

/** The ledger's items by their key, and what befell those who wrote them. */
export class LedgerTable {
  readonly items = new Map<string, Item>();
  /**
   * By key, how many attempts at most could not write down their end: so often the ledger did not do as it was told while
   * a claim was open.
   */
  readonly unreleased = new Map<string, number>();

  isOpen(key: string): boolean {
    return this.items.get(key)?.['state']?.S === 'SENDING';
  }
}

export interface LedgerClientOptions {
  readonly table: LedgerTable;
  readonly life: Life;
  readonly deadlines: VirtualDeadlines;
  readonly injected: Injected;
  readonly random: () => number;
  /** Of all calls, from 0 to 1. */
  readonly faultShare: number;
  /** Whether nothing works at the moment. */
  readonly isOut: () => boolean;
  /** Of a call, in milliseconds; a few unless given. */
  readonly latencyMs?: () => number;
}

const kinds = [
  'throttled',
  'lost-answer',
  'hung',
  'hung-after-writing',
  'repeated',
  'repeated-without-item',
] as const;

export interface LedgerClient {
  readonly client: DynamoDBClient;
  /** Keys that this environment has claimed, and not yet written the end of. */
  readonly claimed: ReadonlySet<string>;
}

/** DynamoDB's client over a table in memory, by the rules of conditional writes, failing after all of its own tries. */
export function createLedgerClient(options: LedgerClientOptions): LedgerClient {
  const { table, life, deadlines, injected, random, faultShare, isOut } = options;
  const { latencyMs = () => 1 + Math.floor(random() * 8) } = options;
  const claimed = new Set<string>();
  const pause = (delayMs: number) => new Promise<void>((resolve) => void life.clock.after(delayMs, resolve));

  function operate(command: GetItemCommand | PutItemCommand, tellsItem = true): object {
    if (command instanceof GetItemCommand) {
      const item = table.items.get(keyOf(command));
      return item === undefined ? {} : { Item: item };
    }
    const { Item: item, ...condition } = command.input;
    const key = keyOf(command);
    const found = table.items.get(key);
    if (item === undefined) throw new Error('a write of nothing');
    if (!holds(found, condition)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(tellsItem && found !== undefined && { Item: found }),
      });
    }
    table.items.set(key, item);
    if (item['state']?.S === 'SENDING' && Number(item['leaseUntil']?.N) > life.clock.now()) claimed.add(key);
    else claimed.delete(key);
    return {};
  }

  async function send(command: object, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<object> {
    if (!(command instanceof GetItemCommand || command instanceof PutItemCommand))
      throw new Error('a command that no adapter uses');
    const key = keyOf(command);
    const wasClaimed = claimed.has(key) && table.isOpen(key);
    await pause(latencyMs());
    try {
      if (isOut()) {
        injected.count('ledger outage');
        throw awsFailure('InternalServerError');
      }
      return await operateOrFail(command, abortSignal);
    } catch (error) {
      const isAnswer = error instanceof ConditionalCheckFailedException;
      if (wasClaimed && !isAnswer) table.unreleased.set(key, (table.unreleased.get(key) ?? 0) + 1);
      throw error;
    }
  }

  async function operateOrFail(command: GetItemCommand | PutItemCommand, signal: AbortSignal | undefined) {
    if (random() >= faultShare) return operate(command);
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'throttled';
    injected.count(`ledger ${kind}`);
    switch (kind) {
      case 'throttled':
        throw awsFailure('ThrottlingException');
      case 'lost-answer':
        operate(command);
        throw awsFailure('TimeoutError');
      case 'hung':
        await pause(deadlines.leftMs(signal));
        throw awsFailure('AbortError');
      case 'hung-after-writing':
        operate(command);
        await pause(deadlines.leftMs(signal));
        throw awsFailure('AbortError');
      case 'repeated':
      case 'repeated-without-item':
        // The answer was lost on the way, and the client tried again: it may meet what it wrote itself.
        operate(command);
        return operate(command, kind === 'repeated');
    }
  }

  return {
    claimed,
    client: scripted.dynamoDb((command, given) => life.call(() => send(command, given))),
  };
}

function keyOf({ input }: GetItemCommand | PutItemCommand): string {
  const key = 'Key' in input ? input.Key?.['pk']?.S : 'Item' in input ? input.Item?.['pk']?.S : undefined;
  if (key === undefined) throw new Error('a call without a key');
  return key;
}

function holds(
  found: Item | undefined,
  { ConditionExpression: condition, ExpressionAttributeValues: values }: Omit<PutItemCommandInput, 'Item'>,
): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'attribute_not_exists(pk)':
      return found === undefined;
    case 'revision = :expected':
      return found?.['revision']?.N !== undefined && found['revision'].N === values?.[':expected']?.N;
    default:
      throw new Error(`a condition that no adapter uses: ${condition}`);
  }
}
