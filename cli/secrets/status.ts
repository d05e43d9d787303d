import * as z from 'zod';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { defineCommand } from '../command.ts';
import { present } from '../present.ts';
import { type SecretName, secretLabels, secretNames } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';
import { ageInWords } from '../terminal/duration.ts';
import { businessesIn } from './api-keys.ts';
import { decorationInWords, decorationOf } from './decorations.ts';
import { isValidSecret } from './secret-argument.ts';
import { openSecret, type StoredSecret } from './secret-store.ts';

const secretSchema = z.strictObject({
  secret: z.enum(secretNames),
  state: z.enum(['set', 'empty', 'invalid']),
  /** An ISO time. */
  changedAt: z.string().optional(),
  versionId: z.string().optional(),
  /** How many webhook secrets are live. */
  live: z.int().optional(),
  /** How many businesses have a key of their own; absent when one key is for all. */
  businesses: z.int().optional(),
  /** What is around a value that Connectly did not give out, and what it does. */
  decoration: z
    .strictObject({ what: z.string(), effect: z.enum(['harmful', 'taken-off', 'deliberate']) })
    .optional(),
});

type SecretStatus = z.infer<typeof secretSchema>;

/** `relay secrets status` */
export const secretsStatus = defineCommand({
  examples: ['secrets status --local', 'secrets status --stage prod --json'],
  result: z.strictObject({ secrets: z.array(secretSchema) }),
  async run({ output, target: findTarget }) {
    const target = await findTarget();
    const secrets = await Promise.all(
      secretNames.map(async (name) => {
        const store = await openSecret(target, name);
        return statusOf(name, await store.read());
      }),
    );
    output.result(
      { secrets },
      secrets.map((each) => inWords(each, target)),
    );
  },
});

function statusOf(secret: SecretName, stored: StoredSecret | undefined): SecretStatus {
  if (stored === undefined) return { secret, state: 'empty' };
  const { value, versionId } = stored;
  const version = { changedAt: new Date(stored.changedAt).toISOString(), versionId };
  if (!isValidSecret(secret, value)) return { secret, state: 'invalid', ...version };
  const holds =
    secret === 'webhook-secrets'
      ? { live: parseWebhookSecrets(value).length }
      : { businesses: businessesIn(value)?.length };
  return {
    secret,
    state: 'set',
    ...version,
    ...present({ ...holds, decoration: decorationOf(secret, value) }),
  };
}

function inWords(status: SecretStatus, { options }: Target): string {
  const { secret, state, changedAt, live, businesses, decoration } = status;
  const label = secretLabels[secret].padEnd(15);
  if (state === 'empty') return `${label} empty. Fill it: npx relay secrets set ${secret} ${options}`;
  const age = ageInWords(Date.parse(changedAt ?? ''), Date.now());
  if (state === 'invalid')
    return `${label} set ${age}, but it makes no sense. Set it anew: npx relay secrets set ${secret} ${options}`;
  return `${label} set ${age}, ${holds()}${decoration === undefined ? '' : `. ${decorationInWords(decoration)} To set it anew: npx relay secrets set ${secret} ${options}`}`;

  function holds(): string {
    if (live !== undefined)
      return live === 1 ? 'one live value' : `${live} live values: a rotation is under way`;
    if (businesses === undefined) return 'one key for every business';
    return businesses === 1 ? 'a key for one business' : `keys for ${businesses} businesses`;
  }
}
