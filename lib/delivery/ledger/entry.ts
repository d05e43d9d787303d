/** How long an entry is kept, in milliseconds: 4 days on the sends queue, 14 in its DLQ, and a margin. */
export const entryLifeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * What the ledger knows about one message key.
 * RETRY: may be sent, because no attempt was accepted, or in spite of a doubt. SENDING: an attempt is under way, until
 * its lease lapses. SENT: Connectly has it. UNKNOWN: nobody can know, and a copy is parked.
 */
export interface LedgerEntry {
  readonly state: 'RETRY' | 'SENDING' | 'SENT' | 'UNKNOWN';
  /** SHA-256 of the content that the customer would get: the same key must not stand for two messages. */
  readonly content: string;
  /** Of the attempt that claimed it last. */
  readonly attemptId: string;
  /** Epoch milliseconds; after this, a SENDING attempt has died or lost its right. */
  readonly leaseUntil: number;
  readonly vendorId?: string;
  /**
   * An attempt before this one may have been accepted: `resend` has `repeated` it all the same, or it was `released`, by
   * `settle` after its wait or by a person.
   */
  readonly doubt?: 'repeated' | 'released';
  /** Epoch milliseconds; after this, the entry counts as absent, even before the store has deleted it. */
  readonly forgetAt: number;
}

export interface ClaimRequest {
  readonly attemptId: string;
  readonly content: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly leaseMs: number;
  /** Whether an attempt that nobody finished may be repeated (`resend`). */
  readonly resendUnclear: boolean;
  /** Whether the message is a copy that the relay itself put somewhere: what came back from a dead-letter queue. */
  readonly isCopy: boolean;
}

/** What a claim comes to. Only `send` writes, and only `send` may be followed by a request. */
export type ClaimDecision =
  | { readonly verdict: 'send'; readonly write: LedgerEntry }
  /** It has been sent, or a copy of it is parked: this one may be forgotten. */
  | { readonly verdict: 'duplicate' }
  /** Another attempt holds the lease until then (epoch milliseconds). */
  | { readonly verdict: 'busy'; readonly until: number }
  /** Nobody knows what that attempt did: to be parked, not sent. */
  | { readonly verdict: 'park'; readonly attemptId: string }
  /** The key stands for another message already. */
  | { readonly verdict: 'conflict' };

/** Decides whether a message may be sent now, given what the ledger has. */
export function decideClaim(entry: LedgerEntry | undefined, request: ClaimRequest): ClaimDecision {
  const { content, now } = request;
  if (entry === undefined || entry.forgetAt <= now) return take(request);
  if (entry.state === 'RETRY') return take(request, entry.doubt);
  if (entry.content !== content) return { verdict: 'conflict' };
  switch (entry.state) {
    case 'SENT':
      return { verdict: 'duplicate' };
    case 'SENDING':
      if (entry.leaseUntil > now) return { verdict: 'busy', until: entry.leaseUntil };
      return request.resendUnclear ? take(request, 'repeated') : park(entry);
    case 'UNKNOWN':
      if (request.resendUnclear) return take(request, 'repeated');
      // Its parked copy is somewhere between the outcomes queue and the DLQ; if this is that very copy, somebody has
      // moved it back by hand, and forgetting it would lose the message.
      return request.isCopy ? park(entry) : { verdict: 'duplicate' };
  }
}

function take(
  { attemptId, content, now, leaseMs }: ClaimRequest,
  doubt?: LedgerEntry['doubt'],
): Extract<ClaimDecision, { verdict: 'send' }> {
  const write: LedgerEntry = {
    state: 'SENDING',
    content,
    attemptId,
    leaseUntil: now + leaseMs,
    ...(doubt !== undefined && { doubt }),
    forgetAt: now + entryLifeMs,
  };
  return { verdict: 'send', write };
}

function park({ attemptId }: LedgerEntry): ClaimDecision {
  return { verdict: 'park', attemptId };
}

/** What an attempt found out about its own request. */
export type AttemptEnd =
  | { readonly known: 'accepted'; readonly vendorId: string | undefined }
  | { readonly known: 'not-accepted' }
  /** `parked`: a copy waits on the outcomes queue; otherwise the message itself goes back to be sent again (`resend`). */
  | { readonly known: 'nothing'; readonly parked: boolean };

/**
 * The entry after an attempt has ended, or undefined when it is to be left alone: only the attempt that claimed may
 * write, though its late answer still settles an entry that was parked, or released, meanwhile. `nothing` makes it
 * UNKNOWN, which promises that a copy is parked: park first. Without a copy, it only gives up the lease. `not-accepted`
 * makes it RETRY, unless it was repeated: what this attempt found out says nothing about the one before. `now` is in
 * epoch milliseconds.
 */
export function finish(
  entry: LedgerEntry | undefined,
  attemptId: string,
  end: AttemptEnd,
  now: number,
): LedgerEntry | undefined {
  if (entry === undefined || entry.attemptId !== attemptId || entry.state === 'SENT') return undefined;
  switch (end.known) {
    case 'accepted':
      return sent(entry, end.vendorId);
    case 'not-accepted':
      if (entry.doubt === 'repeated') return yieldLease(entry, now);
      return entry.state === 'RETRY' ? undefined : { ...entry, state: 'RETRY' };
    case 'nothing':
      if (!end.parked) return yieldLease(entry, now);
      return entry.state === 'SENDING' ? { ...entry, state: 'UNKNOWN' } : undefined;
  }
}

/**
 * The entry after a claim that nobody answered, and that nothing follows; undefined when it is to be left alone. The claim
 * may still be on its way: whatever it could take is written anew, and then it comes too late.
 */
export function withdraw(entry: LedgerEntry | undefined, request: ClaimRequest): LedgerEntry | undefined {
  const { attemptId, now } = request;
  if (entry?.attemptId === attemptId) return finish(entry, attemptId, { known: 'not-accepted' }, now);
  if (decideClaim(entry, request).verdict !== 'send') return undefined;
  return entry ?? { ...take(request).write, state: 'RETRY', leaseUntil: now };
}

/**
 * SENDING without a lease, so that the next attempt need not wait. Not UNKNOWN: no copy is parked, and a later `hold`
 * must park one.
 */
function yieldLease(entry: LedgerEntry, now: number): LedgerEntry | undefined {
  return entry.state === 'SENDING' && entry.leaseUntil > now ? { ...entry, leaseUntil: now } : undefined;
}

/**
 * After a copy of the message has been parked because an attempt never ended: UNKNOWN, unless that has changed. Only
 * for the attempt that the claim named: another one may have begun since, whose message nobody has parked.
 */
export function abandon(
  entry: LedgerEntry | undefined,
  attemptId: string,
  now: number,
): LedgerEntry | undefined {
  if (entry?.state !== 'SENDING' || entry.attemptId !== attemptId || entry.leaseUntil > now) return undefined;
  return { ...entry, state: 'UNKNOWN' };
}

export interface ParkedRequest {
  /** Of the parked message. */
  readonly content: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long a delivery status is waited for, in milliseconds, counted from the end of the last attempt's lease. */
  readonly waitMs: number;
  /** Epoch milliseconds; given while a status that came in time may lie on the queue unread: no wait is over before. */
  readonly lookAgainAt?: number | undefined;
  /** Whether a send that nothing is heard of is repeated (`settle`) or handed to people (`hold`). */
  readonly resendSilent: boolean;
}

/** What becomes of a parked copy. The effect comes after the write, and the acknowledgement of the copy last. */
export type ParkedDecision =
  /** Connectly has the message: nothing is left to do. */
  | { readonly verdict: 'forget' }
  /** To be looked at again at that time (epoch milliseconds), or when a status comes. */
  | { readonly verdict: 'wait'; readonly until: number }
  /** Goes back to the sends queue. Without a write when that had been decided before, or an answer came late. */
  | { readonly verdict: 'send-again'; readonly write?: LedgerEntry }
  /** Goes to the dead-letter queue: nobody can know. */
  | { readonly verdict: 'hand-over' };

/**
 * Decides on a parked copy. RETRY sends it again under every policy: its attempt was refused late, or a decision to
 * send again was written by somebody who died before queueing it; the copy may be the last trace of the message. The
 * wait counts from the entry's last attempt and not from the parking of this copy: an older copy of a message that was
 * sent again meanwhile would cut the newer attempt's wait short.
 */
export function decideParked(entry: LedgerEntry | undefined, request: ParkedRequest): ParkedDecision {
  const { content, now, waitMs, lookAgainAt = now, resendSilent } = request;
  if (entry === undefined || entry.forgetAt <= now) return { verdict: 'hand-over' };
  if (entry.state === 'RETRY') return { verdict: 'send-again' };
  if (entry.content !== content) return { verdict: 'hand-over' };
  if (entry.state === 'SENT') return { verdict: 'forget' };
  const until = Math.max(entry.leaseUntil + waitMs, lookAgainAt);
  if (until > now) return { verdict: 'wait', until };
  return resendSilent ? { verdict: 'send-again', write: released(entry) } : { verdict: 'hand-over' };
}

/**
 * After a delivery status for the key: whatever was believed before, Connectly has the message. Not of RETRY without a
 * doubt: no attempt can have been accepted, so that the status is about another message, of another stage perhaps, that
 * has the same id.
 */
export function confirm(
  entry: LedgerEntry | undefined,
  vendorId: string | undefined,
): LedgerEntry | undefined {
  if (entry === undefined || entry.state === 'SENT') return undefined;
  return entry.state === 'RETRY' && entry.doubt === undefined ? undefined : sent(entry, vendorId);
}

/** A person's decision to send an unknown one again; undefined when there is nothing to release. */
export function release(entry: LedgerEntry | undefined, now: number): LedgerEntry | undefined {
  const lapsed = entry?.state === 'SENDING' && entry.leaseUntil <= now;
  return entry !== undefined && (entry.state === 'UNKNOWN' || lapsed) ? released(entry) : undefined;
}

function released(entry: LedgerEntry): LedgerEntry {
  return { ...entry, state: 'RETRY', doubt: 'released' };
}

function sent(entry: LedgerEntry, vendorId: string | undefined): LedgerEntry {
  return { ...entry, state: 'SENT', ...(vendorId !== undefined && { vendorId }) };
}
