/** How long an entry is kept, in milliseconds: 4 days on the sends queue, 14 in its DLQ, and a margin. */
export const entryLifeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * What the ledger knows about one message key.
 * RETRY: certainly not sent, may be sent. SENDING: an attempt is under way, until its lease lapses. SENT: Connectly has
 * it. UNKNOWN: nobody can know, and a copy is parked.
 */
export interface LedgerEntry {
  readonly state: 'RETRY' | 'SENDING' | 'SENT' | 'UNKNOWN';
  /** SHA-256 of what is to be sent: the same key must not stand for two messages. */
  readonly content: string;
  /** Which attempt claimed it last. */
  readonly attempt: string;
  /** Epoch milliseconds; after this, a SENDING attempt has died or lost its right. */
  readonly leaseUntil: number;
  readonly vendorId?: string;
  /** Epoch milliseconds; after this, the entry counts as absent, even before the store has deleted it. */
  readonly forgetAt: number;
}

export interface ClaimRequest {
  readonly attempt: string;
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
  /** Nobody knows what the last attempt did: to be parked, not sent. */
  | { readonly verdict: 'park' }
  /** The key stands for another message already. */
  | { readonly verdict: 'conflict' };

/** Decides whether a message may be sent now, given what the ledger has. */
export function claim(entry: LedgerEntry | undefined, request: ClaimRequest): ClaimDecision {
  const { content, now } = request;
  if (entry === undefined || entry.forgetAt <= now || entry.state === 'RETRY') return take(request);
  if (entry.content !== content) return { verdict: 'conflict' };
  switch (entry.state) {
    case 'SENT':
      return { verdict: 'duplicate' };
    case 'SENDING':
      if (entry.leaseUntil > now) return { verdict: 'busy', until: entry.leaseUntil };
      return request.resendUnclear ? take(request) : { verdict: 'park' };
    case 'UNKNOWN':
      if (request.resendUnclear) return take(request);
      // Its parked copy is somewhere between the outcomes queue and the DLQ; if this is that very copy, somebody has
      // moved it back by hand, and forgetting it would lose the message.
      return request.isCopy ? { verdict: 'park' } : { verdict: 'duplicate' };
  }
}

function take({ attempt, content, now, leaseMs }: ClaimRequest): ClaimDecision {
  const write: LedgerEntry = {
    state: 'SENDING',
    content,
    attempt,
    leaseUntil: now + leaseMs,
    forgetAt: now + entryLifeMs,
  };
  return { verdict: 'send', write };
}

/** What an attempt found out about its own request. */
export type AttemptResult =
  | { readonly known: 'accepted'; readonly vendorId: string | undefined }
  | { readonly known: 'not-accepted' }
  | { readonly known: 'nothing' };

/**
 * The entry after an attempt has ended, or undefined when it is to be left alone: only the attempt that claimed may
 * write, though its late answer still settles an entry that was parked meanwhile.
 */
export function finish(
  entry: LedgerEntry | undefined,
  attempt: string,
  result: AttemptResult,
): LedgerEntry | undefined {
  if (entry === undefined || entry.attempt !== attempt) return undefined;
  if (entry.state === 'SENT' || entry.state === 'RETRY') return undefined;
  switch (result.known) {
    case 'accepted':
      return sent(entry, result.vendorId);
    case 'not-accepted':
      return { ...entry, state: 'RETRY' };
    case 'nothing':
      return entry.state === 'UNKNOWN' ? undefined : { ...entry, state: 'UNKNOWN' };
  }
}

/** After a copy of the message has been parked because its attempt never ended: UNKNOWN, unless that has changed. */
export function abandon(entry: LedgerEntry | undefined, now: number): LedgerEntry | undefined {
  if (entry?.state !== 'SENDING' || entry.leaseUntil > now) return undefined;
  return { ...entry, state: 'UNKNOWN' };
}

/** After a delivery status for the key: whatever was believed before, Connectly has the message. */
export function confirm(entry: LedgerEntry | undefined, vendorId: string | undefined): LedgerEntry | undefined {
  return entry === undefined || entry.state === 'SENT' ? undefined : sent(entry, vendorId);
}

/** A decision, by a person or by `settle`, to send an unknown one again; undefined when there is nothing to release. */
export function release(entry: LedgerEntry | undefined, now: number): LedgerEntry | undefined {
  const lapsed = entry?.state === 'SENDING' && entry.leaseUntil <= now;
  return entry !== undefined && (entry.state === 'UNKNOWN' || lapsed) ? { ...entry, state: 'RETRY' } : undefined;
}

function sent(entry: LedgerEntry, vendorId: string | undefined): LedgerEntry {
  return { ...entry, state: 'SENT', ...(vendorId !== undefined && { vendorId }) };
}
