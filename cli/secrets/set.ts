import * as z from 'zod';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { defineCommand } from '../command.ts';
import { type SecretName, secretLabels } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';
import { durationInWords } from '../terminal/duration.ts';
import { checkKeys, losesKey, withKey } from './api-keys.ts';
import { enterSecret } from './decorations.ts';
import { takenUpAfterMs } from './rotation.ts';
import { isValidSecret, refuseBusiness, secretArgument, secretNamed } from './secret-argument.ts';
import { openSecret } from './secret-store.ts';
import { losesSecret } from './webhook-secrets.ts';

interface SetOptions {
  readonly business?: string;
  readonly check: boolean;
}

/** `relay secrets set` */
export const secretsSet = defineCommand({
  examples: [
    'secrets set webhook-secrets --stage dev',
    'secrets set api-key --stage prod < api-key.txt',
    'secrets set api-key --business BUSINESS_ID --stage prod',
  ],
  result: z.strictObject({
    secret: z.string(),
    action: z.enum(['set', 'replaced']),
    versionId: z.string(),
    /** Whether Connectly was asked with the key. */
    checked: z.boolean(),
    /** What was around the value that was entered, and is not stored: in words. */
    takenOff: z.array(z.string()).readonly(),
  }),
  define: (command) =>
    command
      .addArgument(secretArgument())
      .option('--business <id>', 'the API key of this business only')
      .option('--no-check', 'store an API key without trying it at Connectly')
      .addHelpText(
        'after',
        '\nThe value is asked for without showing it, or read from stdin; never from the command line, which others can see.',
      ),
  async run(context, { business, check }: SetOptions, [operand]) {
    const name = secretNamed(operand);
    refuseBusiness(name, business);
    const target = await context.target();
    const store = await openSecret(target, name);
    const current = await store.read();
    const label = name === 'api-key' ? 'API key' : 'Webhook secret';
    const entered = await enterSecret(context, { name, label });
    const value =
      name === 'api-key'
        ? withKey(current?.value, { key: entered.value, businessId: business })
        : entered.value;
    const checked = name === 'api-key' && check;
    if (name === 'webhook-secrets') parseWebhookSecrets(value);
    else if (checked) await checkKeys(target, { value, businessId: business, signal: context.signal });
    const stored = current?.value;
    if (stored !== undefined && isValidSecret(name, stored)) {
      const isLoss =
        name === 'webhook-secrets'
          ? losesSecret(stored, value)
          : await losesKey(target, { stored, value, businessId: business, check, signal: context.signal });
      if (isLoss) await context.confirm(lossInWords(name, target));
    }
    const versionId = await store.replace(value, current);
    const action = current === undefined ? 'set' : 'replaced';
    context.output.result(
      { secret: name, action, versionId, checked, takenOff: entered.takenOff },
      `The ${secretLabels[name]} is ${action}${checked ? ', and Connectly accepts it' : ''}. Running functions take it up within ${durationInWords(takenUpAfterMs / 1000)}.`,
    );
  },
});

function lossInWords(name: SecretName, { options }: Target): string {
  return `The ${secretLabels[name]} has a value. What still uses the old one is refused from then on; to change it without that: npx relay secrets rotate ${name} ${options}. Replace it at once?`;
}
