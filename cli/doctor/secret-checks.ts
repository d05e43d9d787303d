import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { type Check, type Finding, failed, ok, warning } from '../checks/check.ts';
import { businessesIn } from '../secrets/api-keys.ts';
import { type SecretName, secretNotSet, secretOutputs } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';

/** Whether both secrets are there, and hold nothing but what Connectly gave out, however they were stored. */
export function secretChecks(target: Target, businessId: string | undefined): Check[] {
  return [
    secretCheck(target, 'webhook-secrets', (value) => {
      const live = parseWebhookSecrets(value);
      return { live, text: live.length === 1 ? 'Set' : `Set, ${live.length} live values` };
    }),
    secretCheck(target, 'api-key', (value) => {
      const keys = parseApiKeys(value);
      if (businessId !== undefined && keys.keyFor(businessId) === undefined)
        return failed(`There is no key for business ${businessId}.`);
      return { live: (businessesIn(value) ?? ['']).flatMap((id) => keys.keyFor(id) ?? []), text: 'Set' };
    }),
  ];
}

/** What the functions make of a secret, or why they can make nothing of it. */
type Reading = Finding | { readonly live: readonly string[]; readonly text: string };

function secretCheck(target: Target, name: SecretName, read: (value: string) => Reading): Check {
  return {
    name,
    remedy: `npx relay secrets set ${name} ${target.options}`,
    async run(signal) {
      const { text: value, isBinary } = await stored(target, name, signal);
      if (isBinary)
        return failed('Stored as SecretBinary, and the functions read SecretString: they find nothing.');
      const reading = read(value);
      if ('verdict' in reading) return reading;
      const inside = reading.live.map(around).find((found) => found !== undefined);
      if (inside !== undefined)
        return failed(`There is ${inside} a value, which Connectly did not give out.`);
      const outside = /^\s*[[{]/.test(value) ? undefined : around(value);
      if (outside !== undefined)
        return warning(
          `There is ${outside} the value. The functions take it off; nobody else who reads it does.`,
        );
      return ok(reading.text);
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

/** What has come along on the way here, in words that go on with what it is around; undefined for nothing. */
function around(value: string): string | undefined {
  if (value.startsWith('\u{feff}')) return 'a byte order mark before';
  if (/[\r\n]$|^[\r\n]/.test(value)) return 'a line feed around';
  if (value.trim() !== value) return 'blank space around';
  if (/^["'`\u{2018}\u{201c}].*["'`\u{2019}\u{201d}]$/su.test(value)) return 'a pair of quotes around';
  if (/\p{Cc}/u.test(value)) return 'a control character in';
  return undefined;
}
