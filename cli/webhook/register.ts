import { defineCommand } from '../command.ts';
import { withBusinessWebhooks } from './business-webhooks.ts';
import { registerTopics } from './change-topics.ts';
import {
  addRegistrationOptions,
  planOf,
  type RegistrationOptions,
  refuseUnreachable,
} from './register-options.ts';
import { type Registration, registrationSchema } from './registrations.ts';

/** `relay webhook register` */
export const webhookRegister = defineCommand({
  examples: [
    'webhook register --local',
    'webhook register --stage prod',
    'webhook register --topic delivery_status --business BUSINESS_ID --stage prod --replace',
  ],
  result: registrationSchema,
  define: (command) =>
    addRegistrationOptions(command, 'where Connectly sends its webhooks').option(
      '--replace',
      'take topics over that point elsewhere',
    ),
  async run(
    { output, signal, target: findTarget },
    options: RegistrationOptions & { readonly replace?: true },
  ) {
    const target = await findTarget();
    const { businessId, ...plan } = planOf(options, target, signal);
    refuseUnreachable(options, target);
    await withBusinessWebhooks(target, { businessId, signal }, async (webhooks) => {
      const registrations = registerTopics(webhooks, {
        ...plan,
        replace: options.replace ?? false,
      });
      for await (const registration of registrations) output.result(registration, inWords(registration));
    });
  },
});

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
