import { startHttpApi } from '../../../local/aws/api-gateway/http-api.ts';
import type { StackUnderTest } from './fuzz-stack.ts';
import type { CreateReceiver, PublishedEvent } from './receiver.ts';

/** The front of API Gateway over a receiver in this process: what a whole stack does, without its processes. */
export async function startInProcessStack(createReceiver: CreateReceiver): Promise<StackUnderTest> {
  const secrets = ['first', 'second'];
  const live = async () => ({ value: secrets, stale: false });
  let queue: PublishedEvent[] = [];
  const receiver = createReceiver({
    secrets: { current: live, refreshed: live },
    events: { publish: async (event) => void queue.push(event) },
    now: () => 0,
  });
  const front = await startHttpApi({
    stage: '$default',
    region: 'us-east-1',
    accountId: '000000000000',
  });
  front.serve({
    apiId: 'abc',
    routes: [
      {
        routeKey: 'POST /webhooks',
        async invoke(event) {
          const { status } = await receiver.receive(event);
          return {
            kind: 'success',
            payload: JSON.stringify({ statusCode: status }),
            requestId: 'x',
            durationMs: 0,
          };
        },
      },
    ],
  });
  return {
    webhookUrl: `${front.url}/webhooks`,
    secrets,
    async drainEvents() {
      const drained = queue.map(({ body, id, topic }) => ({ body, attributes: { eventId: id, topic } }));
      queue = [];
      return drained;
    },
    close: () => front.close(),
  };
}
