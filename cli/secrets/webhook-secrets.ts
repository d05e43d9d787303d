import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { configurationError } from '../errors.ts';
import { decorationOf } from './decorations.ts';

export interface Addition {
  readonly entered: string;
  /** Options that name the target, for the command that an error tells to type. */
  readonly targetOptions: string;
}

/** The webhook secret's value with one more live secret, at the end: the newest. `entered` must be one. */
export function withSecretAdded(value: string, { entered, targetOptions }: Addition): string {
  const live = parseWebhookSecrets(value);
  const [added = '', ...more] = parseWebhookSecrets(entered);
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

/** Whether a value that events are signed with is in no new one. What has something around it holds for no event. */
export function losesSecret(stored: string, value: string): boolean {
  if (decorationOf('webhook-secrets', stored)?.effect === 'harmful') return false;
  const kept = parseWebhookSecrets(value);
  return parseWebhookSecrets(stored).some((secret) => !kept.includes(secret));
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
