import { defineCommand } from '../command.ts';
import { withBusinessWebhooks } from './business-webhooks.ts';
import { type Unregistration, unregisterTopics, unregistrationSchema } from './change-topics.ts';
import { addRegistrationOptions, planOf, type RegistrationOptions } from './register-options.ts';

/** `relay webhook unregister` */
export const webhookUnregister = defineCommand({
  examples: ['webhook unregister --stage dev', 'webhook unregister --topic report --local --yes'],
  result: unregistrationSchema,
  define: (command) => addRegistrationOptions(command, 'the address that is to go'),
  async run({ output, signal, confirm, target: findTarget }, options: RegistrationOptions) {
    const target = await findTarget();
    const { businessId, ...plan } = planOf(options, target, signal);
    await confirm(
      `Connectly will no longer send ${plan.wanted.join(' and ')} to ${plan.address}, and keeps nothing meanwhile. Remove?`,
    );
    await withBusinessWebhooks(target, { businessId, signal }, async (webhooks) => {
      for await (const removal of unregisterTopics(webhooks, plan)) output.result(removal, inWords(removal));
    });
  },
});

function inWords({ action, topic, before }: Unregistration): string {
  return action === 'removed'
    ? `Removed: topic "${topic}" pointed to ${before}`
    : `Unchanged: topic "${topic}" points nowhere`;
}
