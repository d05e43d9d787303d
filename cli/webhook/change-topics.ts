import * as z from 'zod';
import { RelayError } from '../../lib/errors.ts';
import { failureOf, partlyDoneError } from '../errors.ts';
import {
  type Registration,
  registerWebhook,
  registrationSchema,
  type Standing,
  standingsOf,
  type Webhooks,
} from './registrations.ts';

/** How often Connectly's list is read again for a change to show. */
const maximumLooks = 20;

export interface TopicsAndAddress {
  readonly wanted: readonly string[];
  readonly address: string;
}

/** Waits between two looks at Connectly's list. Rejects when the command is interrupted. */
export type Pause = () => Promise<void>;

export interface Changing extends TopicsAndAddress {
  readonly pause: Pause;
  /** What to type to see where the topics point. */
  readonly look: string;
}

export interface Registering extends Changing {
  /** Whether topics that point elsewhere may be taken over. */
  readonly replace: boolean;
}

/**
 * Points topics at an address. Yields each as soon as Connectly has taken the change, so that it is known whatever comes
 * after, and goes on once Connectly's list shows it. Looks at all of them first: when one may not be taken over, none is
 * touched. Rejects with `webhook-elsewhere` then, with `webhook-not-shown` when a change does not show, and with a
 * `ConnectlyError` when Connectly refuses; after a change with a `CommandError`, which says what was changed.
 */
export function registerTopics(webhooks: Webhooks, registering: Registering): AsyncGenerator<Registration> {
  return tellingWhatChanged(registerEach(webhooks, registering), registering);
}

async function* registerEach(
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
    yield registration;
    if (registration.action !== 'unchanged') await untilShown(webhooks, { topic, address, pause });
  }
}

export const unregistrationSchema = registrationSchema
  .pick({ topic: true, before: true })
  .extend({ action: z.enum(['removed', 'unchanged']) });

export type Unregistration = z.infer<typeof unregistrationSchema>;

/**
 * Removes topics that point at an address. Yields each as soon as Connectly has removed it, and goes on once its list no
 * longer shows it. Rejects with `webhook-elsewhere`, before any is touched, when one points elsewhere; else as
 * `registerTopics` does.
 */
export function unregisterTopics(webhooks: Webhooks, changing: Changing): AsyncGenerator<Unregistration> {
  return tellingWhatChanged(unregisterEach(webhooks, changing), changing);
}

async function* unregisterEach(
  webhooks: Webhooks,
  { wanted, address, pause }: Changing,
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
    if (webhookId === undefined) {
      yield { action: 'unchanged', topic, before };
      continue;
    }
    await webhooks.remove(webhookId);
    yield { action: 'removed', topic, before };
    await untilShown(webhooks, { topic, address: undefined, pause });
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
  throw new RelayError('webhook-not-shown', `Connectly took the change of "${topic}", but does not show it.`);
}

function elsewhere(standings: readonly Standing[]): Standing[] {
  return standings.filter(({ points }) => points === 'elsewhere');
}

function inWords(standings: readonly Standing[]): string {
  const [first, ...others] = standings.map(({ topic, address }) => `topic "${topic}" points to ${address}`);
  return [`The ${first}`, ...others].join(', ');
}

/**
 * Passes on what happened to each topic. When a failure comes after a change, rejects with one that says what Connectly
 * has changed and what not, and ends with `partly done`; an earlier failure is passed on as it is.
 */
async function* tellingWhatChanged<Result extends { readonly action: string; readonly topic: string }>(
  results: AsyncGenerator<Result>,
  { wanted, look }: Pick<Changing, 'wanted' | 'look'>,
): AsyncGenerator<Result> {
  const done: Result[] = [];
  try {
    for await (const result of results) {
      done.push(result);
      yield result;
    }
  } catch (cause) {
    const changed = done.filter(({ action }) => action !== 'unchanged');
    if (changed.length === 0) throw cause;
    const left = wanted.filter((topic) => done.every((result) => result.topic !== topic));
    const { code, message } = failureOf(cause);
    // Where no answer came, or one that says nothing, the change may have been made all the same.
    const unconfirmed = left.length === 0 ? '' : `, and has confirmed no change of ${namesOf(left)}`;
    throw partlyDoneError(
      code,
      `${message} Connectly has changed ${namesOf(changed.map(({ topic }) => topic))}${unconfirmed}. Where they point now: ${look}. Then run this again.`,
      { cause },
    );
  }
}

function namesOf(topics: readonly string[]): string {
  return topics.map((topic) => `topic "${topic}"`).join(' and ');
}
