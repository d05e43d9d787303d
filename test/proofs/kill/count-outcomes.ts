import type { MessageView } from '../../../local/aws/sqs/sqs.ts';
import { idOf, type Target } from './targets.ts';

/** What became of the messages of a run. */
export interface Outcomes {
  readonly messages: number;
  /** How many of them were put on the queue twice. */
  readonly twins: number;
  /** Messages that the fake Connectly accepted at least once, by its own count. */
  readonly accepted: number;
  /** Acceptances beyond the first of each message. */
  readonly duplicates: number;
  /** Those among them that no unclear attempt explains. */
  readonly unexplainedDuplicates: number;
  /** Messages in the sends DLQ as outcome-unknown. */
  readonly outcomeUnknown: number;
  /** Those among them whose every attempt ended clearly. */
  readonly unexplainedUnknowns: number;
  /** Attempts that ended without anybody knowing what Connectly did. */
  readonly unclearAttempts: number;
  /** Copies in the sends DLQ with any other reason, by reason; `none` for those without one. */
  readonly otherDeadLetters: Readonly<Record<string, number>>;
  /** Neither accepted, nor in the sends DLQ with a reason, nor on a queue. */
  readonly lost: readonly string[];
  /** Still on a queue when the run was given up. */
  readonly unsettled: number;
}

/** Which reasons each id is in the sends DLQ for. */
export type DeadLetters = ReadonlyMap<string, readonly string[]>;

export function countDeadLetters(letters: readonly MessageView[]): DeadLetters {
  const reasons = new Map<string, string[]>();
  for (const { body, attributes } of letters) {
    const code = attributes.find(({ name }) => name === 'error.code')?.value;
    const reason = code !== undefined && 'text' in code ? code.text : 'none';
    const id = idOf(body) ?? '';
    reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  return reasons;
}

export interface Found {
  /** The fake Connectly's own counts, by the callbackData that came with each message. */
  readonly accepted: Readonly<Record<string, number>>;
  readonly deadLetters: DeadLetters;
  /** The ids of messages that are on a queue. */
  readonly unsettled: ReadonlySet<string>;
}

export function countOutcomes(targets: readonly Target[], found: Found): Outcomes {
  const accepted = acceptedById(found.accepted);
  const others = [...found.deadLetters.values()].flat().filter((reason) => reason !== 'outcome-unknown');
  const extra = targets.map(({ id, unclearAttempts }) => {
    const copies = Math.max(0, (accepted.get(id) ?? 0) - 1);
    return { copies, unexplained: Math.max(0, copies - unclearAttempts) };
  });
  const unknown = targets.filter(({ id }) => found.deadLetters.get(id)?.includes('outcome-unknown'));
  return {
    messages: targets.length,
    twins: targets.filter(({ isTwin }) => isTwin).length,
    accepted: targets.filter(({ id }) => accepted.has(id)).length,
    duplicates: sum(extra.map(({ copies }) => copies)),
    unexplainedDuplicates: sum(extra.map(({ unexplained }) => unexplained)),
    outcomeUnknown: unknown.length,
    unexplainedUnknowns: unknown.filter(({ unclearAttempts }) => unclearAttempts === 0).length,
    unclearAttempts: sum(targets.map(({ unclearAttempts }) => unclearAttempts)),
    otherDeadLetters: Object.fromEntries(
      [...new Set(others)].map((reason) => [reason, others.filter((each) => each === reason).length]),
    ),
    lost: targets.map(({ id }) => id).filter((id) => !isKept(id)),
    unsettled: found.unsettled.size,
  };

  function isKept(id: string): boolean {
    const reasons = found.deadLetters.get(id) ?? [];
    return accepted.has(id) || found.unsettled.has(id) || reasons.some((reason) => reason !== 'none');
  }
}

/** How often each message was accepted, by its id. */
export function acceptedById(byCallbackData: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [text, count] of Object.entries(byCallbackData)) {
    const [, id] = /"id":"([^"]+)"/.exec(text) ?? [];
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
