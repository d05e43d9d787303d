import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { configurationError } from '../errors.ts';

/**
 * What was entered as the webhook secret: one, or a JSON list of them. Throws `secret-invalid` for what is none of these,
 * or was mangled on its way here: stored, it would turn every event away.
 */
export function readWebhookSecrets(entered: string): readonly string[] {
  const secrets = parseWebhookSecrets(entered);
  if (secrets.some((secret) => /\p{Cc}/u.test(secret))) {
    throw configurationError(
      'secret-invalid',
      'The webhook secret has a line feed or another control character inside, which no secret has. Nothing was stored. Copy it anew, as plain text in UTF-8.',
    );
  }
  return secrets;
}

export interface Addition {
  readonly entered: string;
  /** Options that name the target, for the command that an error tells to type. */
  readonly targetOptions: string;
}

/** The webhook secret's value with one more live secret, at the end: the newest. `entered` must be one. */
export function withSecretAdded(value: string, { entered, targetOptions }: Addition): string {
  const live = parseWebhookSecrets(value);
  const [added = '', ...more] = readWebhookSecrets(entered);
  if (more.length > 0) {
    throw configurationError('secret-invalid', 'This is a list of secrets. Give the new one alone.');
  }
  if (live.length > 1) {
    throw configurationError(
      'rotation-under-way',
      `There are ${live.length} live webhook secrets: a rotation is under way. Finish it first: npx relay secrets rotate webhook-secrets --finish ${targetOptions}`,
    );
  }
  if (live.includes(added)) {
    throw configurationError(
      'secret-is-live',
      'This webhook secret is live already. Get a new one at Connectly first.',
    );
  }
  return JSON.stringify([...live, added]);
}

/** The webhook secret's value with its newest secret only. */
export function withNewestOnly(value: string, { targetOptions }: Pick<Addition, 'targetOptions'>): string {
  const live = parseWebhookSecrets(value);
  const newest = live.at(-1);
  if (newest === undefined || live.length === 1) {
    throw configurationError(
      'no-rotation-under-way',
      `There is one live webhook secret: no rotation is under way. To begin one: npx relay secrets rotate webhook-secrets ${targetOptions}`,
    );
  }
  // A plain string stands for itself, unless it would be read as a list, refused as other JSON, or lose a line feed.
  const isPlain = !/^\s*[[{"]|\n$/.test(newest);
  return isPlain ? newest : JSON.stringify([newest]);
}
