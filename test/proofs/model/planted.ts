import type { LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import type { Defect } from '../harness/proof.ts';
import { type Protocol, shipped } from './protocol.ts';
import type { Scene } from './scene.ts';

/** A protocol with one thing wrong, and where and how that shows. */
export interface Planted extends Defect {
  readonly protocol: Protocol;
  readonly shows: 'duplicate' | 'lost';
  readonly scene: Scene;
}

const scene = (policy: Scene['policy'], change: Partial<Scene> = {}): Scene => ({
  policy,
  deliveries: 3,
  copies: 1,
  releases: 0,
  ...change,
});

const withRoutines = (change: Partial<Protocol['routines']>): Partial<Protocol> => ({
  routines: { ...shipped.routines, ...change },
});

const plant = (name: string, shows: Planted['shows'], where: Scene, change: Partial<Protocol>): Planted => ({
  name,
  protocol: { ...shipped, ...change },
  shows,
  scene: where,
});

/** What a claim writes, whatever there is. */
function taken(request: Parameters<Protocol['decideClaim']>[1]): ReturnType<Protocol['decideClaim']> {
  return shipped.decideClaim(undefined, request);
}

/** As if no attempt before could have been accepted. */
function withoutDoubt(entry: LedgerEntry | undefined): LedgerEntry | undefined {
  if (entry === undefined) return undefined;
  const { doubt: _, ...others } = entry;
  return others;
}

/** As if the attempt were the entry's own. */
const ownedBy = (attemptId: string, entry: LedgerEntry | undefined): LedgerEntry | undefined =>
  entry && { ...entry, attemptId };

export const planted: readonly Planted[] = [
  plant('a late write by an attempt that does not own the entry any more', 'duplicate', scene('resend'), {
    finish: (entry, attemptId, end, at) => shipped.finish(ownedBy(attemptId, entry), attemptId, end, at),
  }),
  plant('a late answer that undoes SENT', 'duplicate', scene('hold'), {
    finish: (entry, attemptId, end, at) =>
      entry !== undefined && end.known !== 'accepted'
        ? { ...entry, attemptId, state: 'RETRY' }
        : shipped.finish(entry, attemptId, end, at),
  }),
  plant('the entry deleted on an error, and lapsed attempts run again', 'duplicate', scene('hold'), {
    decideClaim: (entry, request) =>
      entry?.state === 'SENDING' && entry.leaseUntil <= request.now
        ? taken(request)
        : shipped.decideClaim(entry, request),
    finish: (entry, attemptId, end, at) =>
      shipped.finish(entry, attemptId, end.known === 'nothing' ? { known: 'not-accepted' } : end, at),
  }),
  plant('an unclear attempt written down as not sent', 'duplicate', scene('hold'), {
    finish: (entry, attemptId, end, at) =>
      shipped.finish(entry, attemptId, end.known === 'nothing' ? { known: 'not-accepted' } : end, at),
  }),
  plant('a claim that ignores UNKNOWN', 'duplicate', scene('hold'), {
    decideClaim: (entry, request) =>
      entry?.state === 'UNKNOWN' ? taken(request) : shipped.decideClaim(entry, request),
  }),
  plant('a claim that takes a lapsed attempt for one that was not sent', 'duplicate', scene('hold'), {
    decideClaim: (entry, request) => shipped.decideClaim(entry, { ...request, resendUnclear: true }),
  }),
  plant('a claim that does not look at the lease of another attempt', 'duplicate', scene('hold'), {
    decideClaim: (entry, request) =>
      entry?.state === 'SENDING' ? taken(request) : shipped.decideClaim(entry, request),
  }),
  plant('a claim without a condition: read, then write', 'duplicate', scene('hold'), { claimsBlindly: true }),
  plant('an entry forgotten while its message is still about', 'duplicate', scene('hold'), {
    forgetsEarly: true,
  }),
  plant(
    'the state before the effect: UNKNOWN before the copy is parked',
    'lost',
    scene('hold'),
    withRoutines({ unclear: ['finish', 'park', 'acknowledge'] }),
  ),
  plant(
    'the state before the effect, for an attempt that lapsed',
    'lost',
    scene('hold'),
    withRoutines({ lapsed: ['abandon', 'park', 'acknowledge'] }),
  ),
  plant(
    'acknowledged before it is parked',
    'lost',
    scene('hold'),
    withRoutines({ unclear: ['acknowledge', 'park', 'finish'] }),
  ),
  plant(
    'a refused message acknowledged before its copy is a dead letter',
    'lost',
    scene('hold'),
    withRoutines({ refused: ['finish', 'acknowledge', 'dead-letter'] }),
  ),
  plant(
    'a message acknowledged because another worker is at it',
    'lost',
    scene('hold'),
    withRoutines({ busy: ['acknowledge'] }),
  ),
  plant(
    'an unclear one under resend acknowledged',
    'lost',
    scene('resend'),
    withRoutines({ unclearToResend: ['finish', 'acknowledge'] }),
  ),
  plant(
    'UNKNOWN under resend, where nothing is parked, and then a deployment with hold',
    'lost',
    scene('mixed'),
    {
      finish: (entry, attemptId, end, at) =>
        shipped.finish(entry, attemptId, end.known === 'nothing' ? { ...end, parked: true } : end, at),
    },
  ),
  plant('a copy that came back from the dead letters dropped as a duplicate', 'lost', scene('hold'), {
    decideClaim: (entry, request) => shipped.decideClaim(entry, { ...request, isCopy: false }),
  }),
  plant(
    'abandoning an attempt other than the one found lapsed',
    'lost',
    scene('hold', { deliveries: 4, releases: 1 }),
    { abandon: (entry, _, now) => entry && shipped.abandon(entry, entry.attemptId, now) },
  ),
  plant('a parked copy forgotten once its entry is no longer UNKNOWN', 'lost', scene('hold'), {
    decideParked: (entry, request) =>
      entry?.state === 'RETRY' ? { verdict: 'forget' } : shipped.decideParked(entry, request),
  }),
  plant(
    'a parked copy forgotten before it is queued again',
    'lost',
    scene('settle'),
    withRoutines({ sendAgain: ['acknowledge', 'queue'] }),
  ),
  plant('a parked copy sent again before the wait for its status is over', 'duplicate', scene('settle'), {
    decideParked: (entry, request) => shipped.decideParked(entry, { ...request, waitMs: 0 }),
  }),
  plant('a parked copy sent again without regard to an attempt under way', 'duplicate', scene('settle'), {
    decideParked: (entry, request) => shipped.decideParked(entry && { ...entry, leaseUntil: 0 }, request),
  }),
  plant('delivery statuses that settle nothing', 'duplicate', scene('settle'), { confirm: () => undefined }),
  plant(
    'a 429 under resend that makes the unclear attempt before it forgotten, for a hold that follows',
    'duplicate',
    scene('mixed', { copies: 0 }),
    { finish: (entry, attemptId, end, at) => shipped.finish(withoutDoubt(entry), attemptId, end, at) },
  ),
];
