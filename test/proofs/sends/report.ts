import { errorAttributes } from '../../../lib/message/attributes.ts';
import type { IfUnclear } from '../../../lib/message/message.ts';
import type { MessageView } from '../../../local/aws/sqs/sqs.ts';
import type { Injected } from '../harness/simulated/faults.ts';
import type { LedgerTable } from '../harness/simulated/ledger-client.ts';
import type { MessageFate } from './fates.ts';
import { markPattern, type VendorView } from './vendor.ts';

export interface Findings {
  readonly policy: IfUnclear;
  readonly messages: number;
  readonly injected: Injected;
  readonly fates: ReadonlyMap<string, MessageFate>;
  readonly byMark: ReadonlyMap<string, VendorView>;
  readonly requests: number;
  readonly table: LedgerTable;
  readonly deadLetters: readonly MessageView[];
  readonly left: number;
  readonly invocations: number;
  readonly timeouts: number;
  readonly canaries: readonly string[];
  readonly virtualSeconds: number;
}

export interface Report {
  readonly policy: IfUnclear;
  readonly messages: number;
  readonly requests: number;
  readonly invocations: number;
  readonly virtualSeconds: number;
  readonly accepted: number;
  /** Neither accepted nor in the dead-letter queue. */
  readonly lost: number;
  /** Acceptances beyond the first of each message. */
  readonly duplicates: number;
  /** Of these, those that nothing injected explains under the policy. */
  readonly duplicatesUnexplained: number;
  /** Messages with a duplicate that only the ledger's failing explains. */
  readonly duplicatesByLedger: number;
  /** Messages that were ever given to people as of unknown outcome. */
  readonly outcomeUnknown: number;
  readonly outcomeUnknownUnexplained: number;
  readonly outcomeUnknownByLedger: number;
  readonly deadLettersByReason: Readonly<Record<string, number>>;
  /** In the dead-letter queue as refused or expired, though Connectly has them. */
  readonly refusedButAccepted: number;
  /** Of these, those whose copy was not confirmed, so that they were tried again. */
  readonly refusedUnconfirmed: number;
  readonly stillQueued: number;
  readonly timeouts: number;
  readonly unclearInjected: number;
  readonly killedInjected: number;
  /** Accepted with an id, and no delivery status of it came through. */
  readonly acceptedUnreported: number;
  /** Acceptances beyond the first of messages without an id, whose statuses nobody can tell to be theirs. */
  readonly duplicatesWithoutId: number;
  readonly canaries: readonly string[];
  readonly injected: Readonly<Record<string, number>>;
  readonly examples: readonly string[];
}

const withoutReason = 'no reason';

export function reportOf(findings: Findings): Report {
  const { policy, injected, fates, byMark, table, deadLetters } = findings;
  const reasons = new Map<string, Set<string>>();
  const deadLettersByReason: Record<string, number> = {};
  for (const { body, attributes } of deadLetters) {
    const code = attributes.find(({ name }) => name === errorAttributes.code)?.value;
    const reason = code !== undefined && 'text' in code ? code.text : withoutReason;
    deadLettersByReason[reason] = (deadLettersByReason[reason] ?? 0) + 1;
    const mark = markPattern.exec(body)?.[0] ?? body;
    reasons.set(mark, (reasons.get(mark) ?? new Set()).add(reason));
  }

  const totals = {
    accepted: 0,
    lost: 0,
    duplicates: 0,
    duplicatesUnexplained: 0,
    duplicatesByLedger: 0,
    outcomeUnknown: 0,
    outcomeUnknownUnexplained: 0,
    outcomeUnknownByLedger: 0,
    refusedButAccepted: 0,
    refusedUnconfirmed: 0,
    acceptedUnreported: 0,
    duplicatesWithoutId: 0,
  };
  const examples: string[] = [];
  const example = (what: string, mark: string) => {
    if (examples.length < 10) examples.push(`${what}: ${mark} ${describe(mark)}`);
  };
  function describe(mark: string): string {
    const { keys, ...fate } = fates.get(mark) ?? { keys: [] };
    const entries = Array.from(keys, (key) => {
      const { state, attempt, revision } = table.items.get(key) ?? {};
      return { key: key.slice(0, 12), state: state?.S, attempt: attempt?.S, revision: revision?.N };
    });
    const known = { ...fate, vendor: byMark.get(mark), reasons: [...(reasons.get(mark) ?? [])], entries };
    return JSON.stringify(known);
  }

  for (const [mark, { killed, reported, handedOver, unconfirmed, hasId, keys }] of fates) {
    const { accepted, unclear } = byMark.get(mark) ?? { accepted: 0, unclear: 0 };
    const why = reasons.get(mark) ?? new Set<string>();
    const unreleased = [...keys].reduce((sum, key) => sum + (table.unreleased.get(key) ?? 0), 0);
    const extra = Math.max(0, accepted - 1);
    if (accepted > 0) totals.accepted += 1;
    if (accepted > 0 && hasId && reported === 0) totals.acceptedUnreported += 1;
    if (accepted === 0 && (why.size === 0 || (why.size === 1 && why.has(withoutReason)))) {
      totals.lost += 1;
      example('lost', mark);
    }
    totals.duplicates += extra;
    if (!hasId) totals.duplicatesWithoutId += extra;
    const mayFollow = hasId ? Math.max(0, accepted - reported) : unclear + killed;
    const allowed = { hold: 0, resend: unclear + killed, settle: mayFollow }[policy];
    if (extra > allowed) {
      // Without an id, `settle` sends an unclear one again as `resend` does: also one whose end the ledger never took.
      const isResent = policy === 'resend' || (policy === 'settle' && !hasId);
      if (isResent && extra <= allowed + unreleased) totals.duplicatesByLedger += 1;
      else {
        totals.duplicatesUnexplained += 1;
        example('accepted twice', mark);
      }
    }
    if (handedOver > 0) {
      totals.outcomeUnknown += 1;
      if (unclear === 0 && killed === 0) {
        if (unreleased > 0) totals.outcomeUnknownByLedger += 1;
        else {
          totals.outcomeUnknownUnexplained += 1;
          example('outcome-unknown for no reason', mark);
        }
      }
    }
    const refused = [...why].some(
      (code) => code !== 'outcome-unknown' && code !== 'id-reused' && code !== withoutReason,
    );
    if (accepted > 0 && refused) {
      totals.refusedButAccepted += 1;
      if (unconfirmed > 0) totals.refusedUnconfirmed += 1;
      else if (policy === 'hold') example('called refused though accepted', mark);
    }
  }

  return {
    policy,
    messages: findings.messages,
    requests: findings.requests,
    invocations: findings.invocations,
    virtualSeconds: findings.virtualSeconds,
    ...totals,
    deadLettersByReason,
    stillQueued: findings.left,
    timeouts: findings.timeouts,
    unclearInjected: injected.sum('unclear '),
    killedInjected: injected.of('message in the hands of an environment that ended'),
    canaries: findings.canaries,
    injected: Object.fromEntries(injected.all()),
    examples,
  };
}
