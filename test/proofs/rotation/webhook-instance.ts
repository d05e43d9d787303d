import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsModules, scripted } from '../harness/deployed/aws-modules.ts';
import type { FunctionCode } from '../harness/deployed/function-code.ts';
import { surroundings } from '../harness/deployed/surroundings.ts';
import { createSecretStore, type Fetch, type SecretStoreOptions } from './secret-store.ts';

/** One execution environment of receive-webhook. */
export interface WebhookInstance {
  readonly fetches: readonly Fetch[];
  /** Resolves to the status of the answer. */
  post(request: object): Promise<number>;
}

export interface WebhookInstanceOptions extends SecretStoreOptions {
  readonly code: FunctionCode;
  /** Takes what is put on the events queue. */
  readonly onQueued: (body: string) => void;
}

export function startWebhook(options: WebhookInstanceOptions): WebhookInstance {
  const { code, clock, random, onQueued } = options;
  const store = createSecretStore(options);
  const sqs = scripted.sqs(async (command) => {
    if (!(command instanceof SendMessageCommand)) throw new Error('a command that no adapter uses');
    await new Promise<void>((resolve) => void clock.after(5, resolve));
    onQueued(command.input.MessageBody ?? '');
    return { MessageId: 'queued' };
  });
  const globals = surroundings({
    clock,
    random,
    variables: {
      STAGE: 'sim',
      EVENTS_QUEUE_URL: 'events',
      OUTCOMES_QUEUE_URL: 'outcomes',
      WEBHOOK_SECRET_ARN: 'webhook-secret',
    },
    output: () => {},
  });
  const handle = code.start(globals, awsModules({ sqs, secretsManager: store.client }));
  return {
    fetches: store.fetches,
    async post(request) {
      const answer = await handle(request, { awsRequestId: 'request' });
      if (typeof answer !== 'object' || answer === null || !('statusCode' in answer))
        throw new TypeError('The webhook answered without a status.');
      return Number(answer.statusCode);
    },
  };
}
