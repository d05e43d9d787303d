import {
  ChangeMessageVisibilityBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { AwsService } from '../../../../local/aws/protocols/service.ts';
import { type CallOptions, scripted } from '../../../support/scripted-clients.ts';
import { awsFailure, type Injected } from './faults.ts';
import type { Life } from './life.ts';
import type { VirtualDeadlines } from './virtual-deadlines.ts';

export interface QueueClientOptions {
  readonly operations: AwsService['operations'];
  readonly life: Life;
  readonly deadlines: VirtualDeadlines;
  readonly injected: Injected;
  readonly random: () => number;
  /** Of all calls, from 0 to 1. */
  readonly faultShare: number;
  /** Told about what is stored and not confirmed. */
  readonly onUnconfirmed?: (input: SendMessageCommandInput) => void;
}

const kinds = [
  'throttled',
  'failed',
  'hung',
  'hung-after-storing',
  'lost-reply',
  'wrong-md5',
  'no-id',
] as const;
const neverAborted = new AbortController().signal;

/** SQS's client, calling the emulator in this process and failing as the real one does, after all of its own tries. */
export function createQueueClient(options: QueueClientOptions): SQSClient {
  const { operations, life, deadlines, injected, random, faultShare, onUnconfirmed } = options;
  const pause = (delayMs: number) => new Promise<void>((resolve) => void life.clock.after(delayMs, resolve));

  async function operate(command: object): Promise<object> {
    if (!(command instanceof SendMessageCommand || command instanceof ChangeMessageVisibilityBatchCommand))
      throw new Error('a command that no adapter uses');
    const name = command instanceof SendMessageCommand ? 'SendMessage' : 'ChangeMessageVisibilityBatch';
    const run = operations[name];
    if (run === undefined) throw new Error(`There is no operation ${name}.`);
    return run({ ...command.input, ...withBase64(command) }, { signal: neverAborted });
  }

  async function operateUnconfirmed(command: object): Promise<void> {
    await operate(command);
    if (command instanceof SendMessageCommand) onUnconfirmed?.(command.input);
  }

  async function send(command: object, { abortSignal }: CallOptions = {}): Promise<object> {
    await pause(2 + Math.floor(random() * 10));
    if (random() >= faultShare) return operate(command);
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'failed';
    injected.count(`queue ${kind}`);
    switch (kind) {
      case 'throttled':
        throw awsFailure('ThrottlingException');
      case 'failed':
        throw awsFailure('InternalFailure');
      case 'hung':
        await pause(deadlines.leftMs(abortSignal));
        throw awsFailure('AbortError');
      case 'hung-after-storing':
        await operateUnconfirmed(command);
        await pause(deadlines.leftMs(abortSignal));
        throw awsFailure('AbortError');
      case 'lost-reply':
      // The client compares SQS's MD5 with its own and throws.
      case 'wrong-md5':
        await operateUnconfirmed(command);
        throw awsFailure('InvalidMessageContents');
      case 'no-id':
        // Success without a word: of a copy, it proves nothing; hiding a message has no other answer.
        if (!(command instanceof SendMessageCommand)) return operate(command);
        return {};
    }
  }

  return scripted.sqs((command, given) => life.call(() => send(command, given)));
}

/** The client would send bytes as base64. */
function withBase64(command: SendMessageCommand | ChangeMessageVisibilityBatchCommand): object {
  if (!(command instanceof SendMessageCommand)) return {};
  const { MessageAttributes: attributes } = command.input;
  if (attributes === undefined) return {};
  return {
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { BinaryValue: bytes, ...rest }]) => [
        name,
        { ...rest, ...(bytes !== undefined && { BinaryValue: Buffer.from(bytes).toString('base64') }) },
      ]),
    ),
  };
}
