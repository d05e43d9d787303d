import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { type Check, type Finding, failed, ok, warning } from '../checks/check.ts';
import { decorationInWords, decorationOf } from '../secrets/decorations.ts';
import { type SecretName, secretNotSet, secretOutputs } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';

/** Whether both secrets are there, and hold nothing but what Connectly gave out, however they were stored. */
export function secretChecks(target: Target, businessId: string | undefined): Check[] {
  return [
    secretCheck(target, 'webhook-secrets', (value) => {
      const live = parseWebhookSecrets(value);
      return ok(live.length === 1 ? 'Set' : `Set, ${live.length} live values`);
    }),
    secretCheck(target, 'api-key', (value) => {
      const keys = parseApiKeys(value);
      if (businessId !== undefined && keys.keyFor(businessId) === undefined)
        return failed(`There is no key for business ${businessId}.`);
      return ok('Set');
    }),
  ];
}

function secretCheck(target: Target, name: SecretName, read: (value: string) => Finding): Check {
  return {
    name,
    remedy: `npx relay secrets set ${name} ${target.options}`,
    async run(signal) {
      const { text: value, isBinary } = await stored(target, name, signal);
      if (isBinary)
        return failed('Stored as SecretBinary, and the functions read SecretString: they find nothing.');
      const finding = read(value);
      const decoration = finding.verdict === 'ok' ? decorationOf(name, value) : undefined;
      if (decoration === undefined) return finding;
      const words = decorationInWords(decoration);
      return decoration.effect === 'harmful' ? failed(words) : warning(words);
    },
  };
}

async function stored(
  { aws, output, options }: Target,
  name: SecretName,
  abortSignal: AbortSignal,
): Promise<{ text: string; isBinary: boolean }> {
  const client = await aws.secretsManager();
  const command = new GetSecretValueCommand({ SecretId: output(secretOutputs[name]) });
  const answer = await client.send(command, { abortSignal }).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  });
  const text = answer?.SecretString ?? '';
  const isBinary = text === '' && answer?.SecretBinary !== undefined;
  if (text.trim() === '' && !isBinary) throw secretNotSet(name, options);
  return { text, isBinary };
}
