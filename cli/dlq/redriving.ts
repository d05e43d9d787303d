import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { copyAttributes, type Note } from '../../lib/aws/send-queues.ts';
import { release } from '../../lib/delivery/ledger/entry.ts';
import { type LedgerStore, update } from '../../lib/delivery/ledger/ledger.ts';
import { errorAttributes } from '../../lib/message/attributes.ts';
import { present } from '../present.ts';
import { batchesOf } from '../target/queues.ts';
import type { Browsed } from './browsing.ts';
import type { DeadLetter } from './dead-letter.ts';
import { confirmed, type DeadLetters, removeLetters } from './dead-letters.ts';
import { type DeadLetterFilter, isMeant } from './filter.ts';
import { isInDoubt, isSent, type Plan, planOf, type Tally } from './plan.ts';

export interface RedrivePorts {
  readonly client: SQSClient;
  readonly sendsQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly ledger: LedgerStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Redriving {
  readonly browse: DeadLetters['browse'];
  readonly ports: RedrivePorts;
  readonly filter: DeadLetterFilter;
  /** Whether a person wants sent again what may have been sent. */
  readonly resendUnknown: boolean;
  /** So many go back in a second at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
  readonly onSeen: (count: number) => void;
}

/**
 * Decides about every letter that is meant, page by page, and moves them unless the tally is one of a dry run. Counts as it
 * goes: an interruption leaves a tally of what has been done.
 */
export async function redrive(
  tally: Tally,
  { browse, ports, filter, resendUnknown, rate, signal, onSeen }: Redriving,
): Promise<Browsed> {
  /** What is refused again comes back while this runs: it is not to go round in circles. */
  const redriven = new Set<string>();
  const roomLeft = () => (filter.limit ?? Infinity) - tally.send - tally.resend;

  // What moves goes ten by ten, at its rate; a look has none.
  const atOnce = tally.dryRun ? undefined : 1;
  return browse(async (page, removed) => {
    const meant = page.filter(
      (letter) => isMeant(letter, filter, ports.now()) && !redriven.has(identityOf(letter)),
    );
    let room = roomLeft();
    const planned = (await planLetters(meant, ports, resendUnknown)).filter(
      ({ plan }) => !isSent(plan) || room-- > 0,
    );
    const sent = planned.filter(({ plan }) => isSent(plan));
    for (const { letter } of sent) redriven.add(identityOf(letter));
    const gone = tally.dryRun ? undefined : await redriveLetters(planned, ports);
    for (const { letter, plan } of planned) {
      const moves = isSent(plan) || plan === 'settled';
      tally[moves && gone?.has(letter) === false ? 'failed' : plan] += 1;
    }
    for (const letter of gone ?? []) removed(letter);
    onSeen(page.length);
    if (roomLeft() <= 0) return 'enough';
    if (!tally.dryRun && sent.length > 0) await sleep((sent.length / rate) * 1000, undefined, { signal });
    return 'more';
  }, atOnce);
}

/** What a letter is told apart by: the same for every copy of one message. */
export function identityOf({ send, originalId }: Pick<DeadLetter, 'send' | 'originalId'>): string {
  return send?.key ?? originalId;
}

/** What is to be done with a letter. */
export interface PlannedLetter {
  readonly letter: DeadLetter;
  readonly plan: Plan;
}

/** Decides about letters, and does nothing yet. `resendUnknown`: a person wants sent again what may have been sent. */
export async function planLetters(
  letters: readonly DeadLetter[],
  { ledger, now }: Pick<RedrivePorts, 'ledger' | 'now'>,
  resendUnknown: boolean,
): Promise<PlannedLetter[]> {
  return Promise.all(
    letters.map(async (letter) => {
      const key = isInDoubt(letter) ? letter.send?.key : undefined;
      const entry = key === undefined ? undefined : (await ledger.read(key))?.entry;
      return { letter, plan: planOf(letter, { entry, resendUnknown, now: now() }) };
    }),
  );
}

/**
 * Moves letters back to the sends queue, with their key and their expiry, so that the sender knows them
 * again, and removes those that are settled; the others stay. The copy first, then the removal: what a crash leaves
 * twice is sent once, because the sender's ledger knows its key. Resolves to those that are gone from here; the rest of
 * them AWS did not take, and a second try is harmless.
 */
export async function redriveLetters(
  planned: readonly PlannedLetter[],
  ports: RedrivePorts,
): Promise<Set<DeadLetter>> {
  const of = (isWanted: (plan: Plan) => boolean) =>
    planned.filter(({ plan }) => isWanted(plan)).map(({ letter }) => letter);
  const due = of(isSent);
  for (const letter of due) await allowSending(letter, ports);
  const queued = await queueAgain(due, ports);
  return removeLetters([...queued, ...of((plan) => plan === 'settled')], {
    client: ports.client,
    queueUrl: ports.deadLetterQueueUrl,
  });
}

/** A person's decision, written down before the copy exists: the sender would park it again otherwise. */
async function allowSending(letter: DeadLetter, { ledger, now }: RedrivePorts): Promise<void> {
  const key = letter.send?.key;
  if (!isInDoubt(letter) || key === undefined) return;
  await update(ledger, key, (entry) => release(entry, now()));
}

/** A request holds 1 MiB, attributes included: so much of it is left to the bodies, in bytes. */
const batchBytes = 960 * 1024;

async function queueAgain(
  letters: readonly DeadLetter[],
  { client, sendsQueueUrl }: RedrivePorts,
): Promise<DeadLetter[]> {
  const queued: DeadLetter[] = [];
  for (const batch of batchesOf(letters, ({ body }) => Buffer.byteLength(body), batchBytes)) {
    const command = new SendMessageBatchCommand({
      QueueUrl: sendsQueueUrl,
      Entries: batch.map((letter, index) => ({
        Id: String(index),
        MessageBody: letter.body,
        MessageAttributes: copyAttributes(letter.attributes, noteOf(letter)),
        ...present({ MessageGroupId: letter.groupId }),
      })),
    });
    queued.push(...confirmed(batch, await client.send(command)));
  }
  return queued;
}

/**
 * A letter that SQS itself put there has no key and no expiry of its own. The reason stays with it: by it the sender knows
 * a copy that has come back.
 */
function noteOf({ attributes, originalId, expiresAt, code, message, traceId, cause }: DeadLetter): Note {
  const hasReason = Object.hasOwn(attributes, errorAttributes.code);
  return {
    originalId,
    expiresAt,
    traceId,
    cause,
    ...present({ code: hasReason ? code : undefined, message }),
  };
}
