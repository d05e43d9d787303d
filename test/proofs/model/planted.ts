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

const withRoutines = (change: Partial<Protocol['routines']>): Protocol => ({
  ...shipped,
  routines: { ...shipped.routines, ...change },
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
  {
    name: 'a late write by an attempt that does not own the entry any more',
    protocol: {
      ...shipped,
      finish: (entry, attemptId, end, at) => shipped.finish(ownedBy(attemptId, entry), attemptId, end, at),
    },
    shows: 'duplicate',
    scene: scene('resend'),
  },
  {
    name: 'a late answer that undoes SENT',
    protocol: {
      ...shipped,
      finish: (entry, attemptId, end, at) =>
        entry !== undefined && end.known !== 'accepted'
          ? { ...entry, attemptId, state: 'RETRY' }
          : shipped.finish(entry, attemptId, end, at),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'the entry deleted on an error, and lapsed attempts run again',
    protocol: {
      ...shipped,
      decideClaim: (entry, request) =>
        entry?.state === 'SENDING' && entry.leaseUntil <= request.now
          ? taken(request)
          : shipped.decideClaim(entry, request),
      finish: (entry, attemptId, end, at) =>
        shipped.finish(entry, attemptId, end.known === 'nothing' ? { known: 'not-accepted' } : end, at),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'an unclear attempt written down as not sent',
    protocol: {
      ...shipped,
      finish: (entry, attemptId, end, at) =>
        shipped.finish(entry, attemptId, end.known === 'nothing' ? { known: 'not-accepted' } : end, at),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'a claim that ignores UNKNOWN',
    protocol: {
      ...shipped,
      decideClaim: (entry, request) =>
        entry?.state === 'UNKNOWN' ? taken(request) : shipped.decideClaim(entry, request),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'a claim that takes a lapsed attempt for one that was not sent',
    protocol: {
      ...shipped,
      decideClaim: (entry, request) => shipped.decideClaim(entry, { ...request, resendUnclear: true }),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'a claim that does not look at the lease of another attempt',
    protocol: {
      ...shipped,
      decideClaim: (entry, request) =>
        entry?.state === 'SENDING' ? taken(request) : shipped.decideClaim(entry, request),
    },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'a claim without a condition: read, then write',
    protocol: { ...shipped, claimsBlindly: true },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'an entry forgotten while its message is still about',
    protocol: { ...shipped, forgetsEarly: true },
    shows: 'duplicate',
    scene: scene('hold'),
  },
  {
    name: 'the state before the effect: UNKNOWN before the copy is parked',
    protocol: withRoutines({ unclear: ['finish', 'park', 'acknowledge'] }),
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'the state before the effect, for an attempt that lapsed',
    protocol: withRoutines({ lapsed: ['abandon', 'park', 'acknowledge'] }),
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'acknowledged before it is parked',
    protocol: withRoutines({ unclear: ['acknowledge', 'park', 'finish'] }),
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'a refused message acknowledged before its copy is a dead letter',
    protocol: withRoutines({ refused: ['finish', 'acknowledge', 'dead-letter'] }),
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'a message acknowledged because another worker is at it',
    protocol: withRoutines({ busy: ['acknowledge'] }),
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'an unclear one under resend acknowledged',
    protocol: withRoutines({ unclearToResend: ['finish', 'acknowledge'] }),
    shows: 'lost',
    scene: scene('resend'),
  },
  {
    name: 'UNKNOWN under resend, where nothing is parked, and then a deployment with hold',
    protocol: {
      ...shipped,
      finish: (entry, attemptId, end, at) =>
        shipped.finish(entry, attemptId, end.known === 'nothing' ? { ...end, parked: true } : end, at),
    },
    shows: 'lost',
    scene: scene('mixed'),
  },
  {
    name: 'a copy that came back from the dead letters dropped as a duplicate',
    protocol: {
      ...shipped,
      decideClaim: (entry, request) => shipped.decideClaim(entry, { ...request, isCopy: false }),
    },
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'abandoning an attempt other than the one found lapsed',
    protocol: {
      ...shipped,
      abandon: (entry, _, now) => entry && shipped.abandon(entry, entry.attemptId, now),
    },
    shows: 'lost',
    scene: scene('hold', { deliveries: 4, releases: 1 }),
  },
  {
    name: 'a parked copy forgotten once its entry is no longer UNKNOWN',
    protocol: {
      ...shipped,
      decideParked: (entry, request) =>
        entry?.state === 'RETRY' ? { verdict: 'forget' } : shipped.decideParked(entry, request),
    },
    shows: 'lost',
    scene: scene('hold'),
  },
  {
    name: 'a parked copy forgotten before it is queued again',
    protocol: withRoutines({ sendAgain: ['acknowledge', 'queue'] }),
    shows: 'lost',
    scene: scene('settle'),
  },
  {
    name: 'a parked copy sent again before the wait for its status is over',
    protocol: {
      ...shipped,
      decideParked: (entry, request) => shipped.decideParked(entry, { ...request, waitMs: 0 }),
    },
    shows: 'duplicate',
    scene: scene('settle'),
  },
  {
    name: 'a parked copy sent again without regard to an attempt under way',
    protocol: {
      ...shipped,
      decideParked: (entry, request) => shipped.decideParked(entry && { ...entry, leaseUntil: 0 }, request),
    },
    shows: 'duplicate',
    scene: scene('settle'),
  },
  {
    name: 'delivery statuses that settle nothing',
    protocol: { ...shipped, confirm: () => undefined },
    shows: 'duplicate',
    scene: scene('settle'),
  },
  {
    name: 'a 429 under resend that makes the unclear attempt before it forgotten, for a hold that follows',
    protocol: {
      ...shipped,
      finish: (entry, attemptId, end, at) => shipped.finish(withoutDoubt(entry), attemptId, end, at),
    },
    shows: 'duplicate',
    scene: scene('mixed', { copies: 0 }),
  },
];
