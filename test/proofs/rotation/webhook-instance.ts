import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { scripted } from '../../support/scripted-clients.ts';
import type { Shipped } from '../harness/shipped.ts';
import { createSecretStore, type Fetch, type SecretStoreOptions } from './secret-store.ts';

/** One execution environment of receive-webhook. */
export interface WebhookInstance {
  readonly fetches: readonly Fetch[];
  /** Resolves to the status of the answer. */
  post(request: object): Promise<number>;
}

export interface WebhookInstanceOptions extends SecretStoreOptions {
  readonly shipped: Shipped;
  /** Takes what is put on the events queue. */
  readonly onQueued: (body: string) => void;
}

export function startWebhook(options: WebhookInstanceOptions): WebhookInstance {
  const { shipped, clock, onQueued } = options;
  const store = createSecretStore(options);
  const sqs = scripted.sqs(async (command) => {
    if (!(command instanceof SendMessageCommand)) throw new Error('a command that no adapter uses');
    await new Promise<void>((resolve) => void clock.after(5, resolve));
    onQueued(command.input.MessageBody ?? '');
    return { MessageId: 'queued' };
  });
  const handle = shipped.start('receive-webhook', {
    variables: {
      STAGE: 'sim',
      EVENTS_QUEUE_URL: 'events',
      OUTCOMES_QUEUE_URL: 'outcomes',
      WEBHOOK_SECRET_ARN: 'webhook-secret',
    },
    clock,
    write: () => {},
    sqs,
    secretsManager: store.client,
  });
  return {
    fetches: store.fetches,
    async post(request) {
      const { statusCode = 0 } = await handle(request, { awsRequestId: 'request' });
      return statusCode;
    },
  };
}
