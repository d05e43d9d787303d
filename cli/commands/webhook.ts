import { type Command, Option } from 'commander';
import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { createHttpClient } from '../../lib/connectly/http.ts';
import { type Registration, registerWebhook } from '../../lib/connectly/register-webhook.ts';
import { connectlyWebhooks } from '../../lib/connectly/webhooks.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandContext } from '../main.ts';
import { findTarget, type Target } from '../where.ts';

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

const registerExamples = `
Examples:
  $ relay webhook register --topic messages --local
  $ relay webhook register --topic delivery_status --address https://example.com/webhooks --business BUSINESS_ID --stage prod
`;

/** `relay webhook ...` */
export function addWebhookCommand(program: Command, context: CommandContext): void {
  const webhook = program.command('webhook').description('point Connectly at the relay');
  webhook
    .command('register')
    .description("point one of Connectly's topics at an address")
    .addHelpText('before', registerExamples)
    .addOption(new Option('--topic <topic>', 'what to hear about').choices(topics).makeOptionMandatory())
    .option('--address <url>', 'where Connectly sends its webhooks; the local stack knows its own')
    .option('--business <id>', 'the Connectly business; the local stack knows its own')
    .option('--replace', 'take the topic over when it points elsewhere')
    .action(async (options: RegisterOptions) => {
      const output = context.output();
      const target = await findTarget(context);
      const { address, businessId } = complete(options, target);
      output.say(`Acting on ${target.name}.`);
      const apiKey = parseApiKeys(await target.readApiKey()).keyFor(businessId);
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
    });
}

function complete(options: RegisterOptions, target: Target): { address: string; businessId: string } {
  const address = options.address ?? target.webhookUrl;
  const businessId = options.business ?? target.businessId;
  if (address === undefined) {
    throw new CommandError(
      exitCodes.usage,
      'usage',
      'Name the address: --address https://... (WebhookUrl of the stack).',
    );
  }
  if (businessId === undefined) {
    throw new CommandError(exitCodes.usage, 'usage', 'Name the Connectly business: --business BUSINESS_ID');
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw new CommandError(exitCodes.usage, 'usage', '--address must be an https address.');
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
