import type { Sign } from './dispatcher.ts';

/**
 * What became of one message that was received. Exactly one of these; anything thrown instead is a bug and never
 * acknowledged.
 */
export type Outcome =
  /** Connectly has the message. Without an id it kept quiet about its own name for it. */
  | { readonly kind: 'accepted'; readonly vendorId: string | undefined }
  | Refusal
  | NotSent
  | Unclear
  /** Nothing was sent: it has been before, or a copy of it is parked. */
  | { readonly kind: 'duplicate' };

/** It will never be sent like this. `message` is our own words: what happened and what to do. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  /** Connectly was not asked at all: the reason is on our side. */
  readonly ours?: true;
  readonly traceId?: string;
}

/** Certainly not accepted, and worth another try. */
export interface NotSent {
  readonly kind: 'not-sent';
  readonly code: string;
  /** As the server asked, in seconds; otherwise the retry policy decides. */
  readonly retryAfterSeconds?: number;
  /** Nothing about this message: every other one would meet the same. */
  readonly configurationFault?: true;
  /** Connectly was not asked at all: the reason is on our side. */
  readonly ours?: true;
  readonly traceId?: string;
}

/** Nobody can know whether Connectly accepted it. */
export interface Unclear {
  readonly kind: 'unclear';
  readonly code: string;
  /** Not about a request of this attempt: an earlier one never ended. */
  readonly ours?: true;
  readonly traceId?: string;
}

/** What an outcome says about Connectly, for whoever paces the requests. */
export function judge(outcome: Outcome): Sign {
  if ('ours' in outcome) return 'neutral';
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return 'alive';
    case 'unclear':
      return 'failing';
    case 'duplicate':
      return 'neutral';
    case 'not-sent':
      // Another business may well have a key: one message must not stop everybody's.
      if (outcome.code === 'no-key-for-business') return 'neutral';
      if (outcome.configurationFault) return 'configuration';
      return outcome.code === 'connectly-429'
        ? 'throttled'
        : outcome.code.startsWith('ERROR_CODE_')
          ? 'alive'
          : 'failing';
  }
}
