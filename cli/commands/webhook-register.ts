import { Option } from 'commander';
import * as z from 'zod';
import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { createHttpClient } from '../../lib/connectly/http.ts';
import { type Registration, registerWebhook } from '../../lib/connectly/register-webhook.ts';
import { connectlyWebhooks } from '../../lib/connectly/webhooks.ts';
import { defineCommand } from '../command.ts';
import { CommandError, usageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Target } from '../target/target.ts';

/** How long Connectly may take for one answer, in milliseconds. */
const deadlineMs = 10_000;

interface RegisterOptions {
  readonly topic: string;
  readonly address?: string;
  readonly business?: string;
  readonly replace?: true;
}

/** The topics that Connectly documents. */
const topics = ['messages', 'delivery_status', 'report'] as const;

/** `relay webhook register` */
export const webhookRegister = defineCommand({
  examples: [
    'webhook register --topic messages --local',
    'webhook register --topic delivery_status --business BUSINESS_ID --stage prod',
  ],
  result: z.strictObject({
    action: z.enum(['created', 'updated', 'unchanged']),
    topic: z.string(),
    webhookId: z.string(),
    /** The address that the topic had before. */
    before: z.string().optional(),
    after: z.string(),
  }),
  define: (command) =>
    command
      .addOption(new Option('--topic <topic>', 'what to hear about').choices(topics).makeOptionMandatory())
      .option('--address <url>', "where Connectly sends its webhooks; by default the stack's own address")
      .option('--business <id>', "the Connectly business; by default the stack's own")
      .option('--replace', 'take the topic over when it points elsewhere'),
  async run({ output, target: findTarget }, options: RegisterOptions) {
    const target = await findTarget();
    const { address, businessId } = complete(options, target);
    const apiKey = parseApiKeys(await target.readSecret('ApiKeySecretArn')).keyFor(businessId);
    if (apiKey === undefined) {
      throw new CommandError(
        exitCodes.credentials,
        'no-key-for-business',
        'The API key secret holds keys by business id, and none for this one. Check --business.',
      );
    }
    const http = createHttpClient({ deadlineMs });
    try {
      const webhooks = connectlyWebhooks({ http, baseUrl: target.connectlyBaseUrl, businessId, apiKey });
      const registration = await registerWebhook(webhooks, {
        topic: options.topic,
        address,
        replace: options.replace ?? false,
      });
      output.result(registration, inWords(registration));
    } finally {
      http.closeConnections();
    }
  },
});

function complete(options: RegisterOptions, target: Target): { address: string; businessId: string } {
  const address = options.address ?? target.output('WebhookUrl');
  const businessId = options.business ?? target.businessId;
  if (businessId === undefined) throw usageError('Name the Connectly business: --business BUSINESS_ID');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw usageError('--address must be an https address.');
  }
  return { address, businessId };
}

function inWords({ action, topic, before, after }: Registration): string {
  switch (action) {
    case 'created':
      return `Registered: topic "${topic}" now points to ${after}`;
    case 'updated':
      return `Updated: topic "${topic}" pointed to ${before} and now points to ${after}`;
    case 'unchanged':
      return `Unchanged: topic "${topic}" already points to ${after}`;
  }
}
