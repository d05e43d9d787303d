import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { configurationError } from '../command-error.ts';

/** The webhook secret's value with one more live secret, at the end: the newest. */
export function withSecretAdded(value: string, added: string): string {
  const live = parseWebhookSecrets(value);
  if (live.length > 1) {
    throw configurationError(
      'rotation-under-way',
      `There are ${live.length} live webhook secrets: a rotation is under way. Finish it first: relay secrets rotate webhook-secret --finish`,
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
export function withNewestOnly(value: string): string {
  const live = parseWebhookSecrets(value);
  const newest = live.at(-1);
  if (newest === undefined || live.length === 1) {
    throw configurationError(
      'no-rotation-under-way',
      'There is one live webhook secret: no rotation is under way. To begin one: relay secrets rotate webhook-secret',
    );
  }
  // A plain string stands for itself, unless it would be read as a list, refused as other JSON, or lose a line feed.
  const isPlain = !/^\s*[[{"]|\n$/.test(newest);
  return isPlain ? newest : JSON.stringify([newest]);
}
