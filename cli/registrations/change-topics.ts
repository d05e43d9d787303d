import { type Registration, registerWebhook } from '../../lib/connectly/register-webhook.ts';
import type { Webhooks } from '../../lib/connectly/webhooks.ts';
import { RelayError } from '../../lib/errors.ts';
import { type Standing, standingsOf } from './topics.ts';

/** How often Connectly's list is read again for a change to show. */
const maximumLooks = 20;

export interface TopicsAndAddress {
  readonly wanted: readonly string[];
  readonly address: string;
}

/** Waits between two looks at Connectly's list. Rejects when the command is interrupted. */
export type Pause = () => Promise<void>;

export interface Registering extends TopicsAndAddress {
  /** Whether topics that point elsewhere may be taken over. */
  readonly replace: boolean;
  readonly pause: Pause;
}

/**
 * Points topics at an address, and yields each once Connectly's list shows it. Looks at all of them first: when one may
 * not be taken over, none is touched. Rejects with `webhook-elsewhere` then, with `webhook-not-shown` when a change does
 * not show, and with a `ConnectlyError` when Connectly refuses.
 */
export async function* registerTopics(
  webhooks: Webhooks,
  { wanted, address, replace, pause }: Registering,
): AsyncGenerator<Registration> {
  const taken = elsewhere(standingsOf(await webhooks.list(), { wanted, address }));
  if (taken.length > 0 && !replace) {
    throw new RelayError(
      'webhook-elsewhere',
      `${inWords(taken)}. Nothing was changed. To take over what another stack may rely on, run this again with --replace.`,
    );
  }
  for (const topic of wanted) {
    const registration = await registerWebhook(webhooks, { topic, address, replace });
    if (registration.action !== 'unchanged') await untilShown(webhooks, { topic, address, pause });
    yield registration;
  }
}

export interface Unregistration {
  readonly action: 'removed' | 'unchanged';
  readonly topic: string;
  /** The address that the topic had before. */
  readonly before: string | undefined;
}

export interface Unregistering extends TopicsAndAddress {
  readonly pause: Pause;
}

/**
 * Removes topics that point at an address, and yields each once Connectly's list no longer shows it. Rejects with
 * `webhook-elsewhere`, before any is touched, when one points elsewhere.
 */
export async function* unregisterTopics(
  webhooks: Webhooks,
  { wanted, address, pause }: Unregistering,
): AsyncGenerator<Unregistration> {
  const standings = standingsOf(await webhooks.list(), { wanted, address });
  const others = elsewhere(standings);
  if (others.length > 0) {
    throw new RelayError(
      'webhook-elsewhere',
      `${inWords(others)}. Nothing was removed. If that address is to go, name it, with --address.`,
    );
  }
  for (const { topic, webhookId, address: before } of standings) {
    if (webhookId !== undefined) {
      await webhooks.remove(webhookId);
      await untilShown(webhooks, { topic, address: undefined, pause });
    }
    yield { action: webhookId === undefined ? 'unchanged' : 'removed', topic, before };
  }
}

interface Change {
  readonly topic: string;
  /** Undefined for a topic that is to be gone. */
  readonly address: string | undefined;
  readonly pause: Pause;
}

async function untilShown(webhooks: Webhooks, { topic, address, pause }: Change): Promise<void> {
  for (let look = 1; look <= maximumLooks; look++) {
    const shown = (await webhooks.list()).find((webhook) => webhook.topic === topic);
    if (shown?.address === address) return;
    await pause();
  }
  throw new RelayError(
    'webhook-not-shown',
    `Connectly took the change of "${topic}", but does not show it. Look again: npx relay webhook status`,
  );
}

function elsewhere(standings: readonly Standing[]): Standing[] {
  return standings.filter(({ points }) => points === 'elsewhere');
}

function inWords(standings: readonly Standing[]): string {
  const [first, ...others] = standings.map(({ topic, address }) => `topic "${topic}" points to ${address}`);
  return [`The ${first}`, ...others].join(', ');
}
