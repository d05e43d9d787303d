import type { AwsService } from '../../../local/aws/protocols/service.ts';
import type { Random } from '../harness/random.ts';

export interface TwinOptions {
  readonly random: Random;
  /** Of all received messages, from 0 to 1. */
  readonly share: number;
  readonly onTwin: () => void;
}

/** SQS delivers at least once: here some messages stand twice in what one receive gives, under the same id. */
export function withTwins(
  operations: AwsService['operations'],
  { random, share, onTwin }: TwinOptions,
): AwsService['operations'] {
  const { ReceiveMessage: receive } = operations;
  if (receive === undefined) throw new Error('The queue service lacks an operation.');
  return {
    ...operations,
    async ReceiveMessage(input, context) {
      const answer = await receive(input, context);
      const messages: readonly unknown[] =
        'Messages' in answer && Array.isArray(answer.Messages) ? answer.Messages : [];
      const twins = messages.filter(() => random.chance(share)).slice(0, 10 - messages.length);
      for (const _ of twins) onTwin();
      return twins.length === 0 ? answer : { ...answer, Messages: [...messages, ...twins] };
    },
  };
}
