import type { AwsService } from '../../../local/aws/protocols/service.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Injected } from '../harness/simulated/faults.ts';

export interface OverlapOptions {
  readonly operations: AwsService['operations'];
  readonly clock: Clock;
  readonly injected: Injected;
  readonly random: () => number;
  /** Of all received messages, from 0 to 1: how many are handed out again while somebody has them. */
  readonly share: number;
}

/**
 * SQS delivers at least once: some messages become visible again while somebody works on them, and some are handed out
 * a second time under the handle that they have already.
 */
export function withOverlaps(options: OverlapOptions): AwsService['operations'] {
  const { operations, clock, injected, random, share } = options;
  const { ReceiveMessage: receive, ChangeMessageVisibility: changeVisibility } = operations;
  if (receive === undefined || changeVisibility === undefined)
    throw new Error('The queue service lacks an operation.');
  const again: { readonly message: object; readonly dueAt: number }[] = [];

  function showSoon(input: Readonly<Record<string, unknown>>, handle: unknown): void {
    injected.count('overlap while in flight');
    clock.after(Math.floor(random() * 20_000), () => {
      const change = { QueueUrl: input['QueueUrl'], ReceiptHandle: handle, VisibilityTimeout: 0 };
      // It may be gone by now.
      changeVisibility?.(change, { signal: new AbortController().signal }).catch(() => {});
    });
  }

  return {
    ...operations,
    async ReceiveMessage(input, context) {
      const answer = await receive(input, context);
      const messages = 'Messages' in answer && Array.isArray(answer.Messages) ? answer.Messages : [];
      const given: object[] = messages.filter(
        (message: unknown) => typeof message === 'object' && message !== null,
      );
      const total = given.length;
      const next = again[0];
      if (next !== undefined && next.dueAt <= clock.now() && total > 0 && total < 10) {
        again.shift();
        given.push(next.message);
        injected.count('overlap under the same handle');
      }
      for (const message of given.slice(0, total)) {
        const chance = random();
        if (chance < share / 2 && 'ReceiptHandle' in message) showSoon(input, message.ReceiptHandle);
        else if (chance < share) again.push({ message, dueAt: clock.now() + Math.floor(random() * 600_000) });
      }
      return given.length === 0 ? {} : { ...answer, Messages: given };
    },
  };
}
