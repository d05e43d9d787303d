import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { SqsInProcess } from '../../support/sqs-in-process.ts';
import type { CanaryWatch } from '../harness/simulated/canary-watch.ts';
import type { Fates, MessageFate } from './fates.ts';
import { markPattern } from './vendor.ts';

export interface QueueWatchOptions extends Pick<SqsInProcess, 'sqs' | 'call'> {
  readonly canaries: CanaryWatch;
  readonly fates: Fates;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
}

/** The queue service with somebody who looks at every copy and report that is put on a queue: seen from the queues. */
export function watchQueues({
  sqs,
  call,
  canaries,
  fates,
  sendsDlqUrl,
  outcomesQueueUrl,
}: QueueWatchOptions) {
  function fateIn(body: string): MessageFate | undefined {
    const mark = markPattern.exec(body)?.[0];
    return mark === undefined ? undefined : fates.of(mark);
  }

  function watch(input: Readonly<Record<string, unknown>>): void {
    const { QueueUrl: url, MessageBody: body } = input;
    const attributes = JSON.stringify(input['MessageAttributes'] ?? {});
    canaries.look('an attribute of a queue', attributes);
    const text = String(body);
    if (url === sendsDlqUrl && attributes.includes('outcome-unknown')) {
      const fate = fateIn(text);
      if (fate !== undefined) fate.handedOver += 1;
    }
    if (url !== outcomesQueueUrl || !attributes.includes('relay.kind')) return;
    canaries.look('a report', text);
    const fate = fates.ofId(sendIdIn(text));
    if (fate !== undefined) fate.reported += 1;
  }

  return {
    operations: {
      ...sqs.service.operations,
      async SendMessage(input: Readonly<Record<string, unknown>>, context: { readonly signal: AbortSignal }) {
        const answer = await call('SendMessage', { ...input }, context.signal);
        watch(input);
        return answer;
      },
    },
    /** A copy for people is there, and whoever made it was not told. */
    onUnconfirmed({ QueueUrl: url, MessageBody: body = '' }: SendMessageCommandInput): void {
      const fate = url === sendsDlqUrl ? fateIn(body) : undefined;
      if (fate !== undefined) fate.unconfirmed += 1;
    },
  };
}

function sendIdIn(report: string): string {
  const json: unknown = JSON.parse(report);
  return typeof json === 'object' && json !== null && 'sendId' in json ? String(json.sendId) : '';
}
