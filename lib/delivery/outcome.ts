import { ownRefusal } from './refusals.ts';
import type { Sign } from './sign.ts';

/**
 * What became of one message that was received. Exactly one of these; anything thrown instead is a bug and never
 * acknowledged.
 */
export type Outcome =
  /** Connectly has the message. Without an id it kept quiet about its own name for it. */
  | ({ readonly kind: 'accepted'; readonly vendorId: string | undefined } & Underneath)
  | Refusal
  | NotSent
  | Unclear
  /** Nothing was sent: it has been before, or a copy of it is parked. */
  | { readonly kind: 'duplicate' };

/** What lies underneath an outcome, for the log alone. */
export interface Underneath {
  /** Of Connectly's answer. */
  readonly status?: number;
  /** The name of a connection fault, or of AWS's error, when one was met. */
  readonly fault?: string;
  /** Connectly's, of a failure. */
  readonly traceId?: string;
}

/** It will never be sent like this. `message` is our own words: what happened and what to do. */
export interface Refusal extends Underneath {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  /** Connectly was not asked at all: the reason is on our side. */
  readonly ours?: true;
}

/** Certainly not accepted, and worth another try. */
export interface NotSent extends Underneath {
  readonly kind: 'not-sent';
  readonly code: string;
  /** As the server asked, in seconds; otherwise the retry policy decides. */
  readonly retryAfterSeconds?: number;
  /** Nothing about this message: every other one of its business, or of the whole stage, would meet the same. */
  readonly configurationFault?: 'business' | 'stage';
  /** Connectly was not asked at all: the reason is on our side. */
  readonly ours?: true;
}

/** Nobody can know whether Connectly accepted it. */
export interface Unclear extends Underneath {
  readonly kind: 'unclear';
  readonly code: string;
  /** Not about a request of this attempt: an earlier one never ended. */
  readonly ours?: true;
}

/** What is told when its time is over, right before the request that would have carried it. */
export const expired: Refusal = {
  kind: 'refused',
  ...ownRefusal('expired'),
  ours: true,
};

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
      if (outcome.configurationFault) return `${outcome.configurationFault}-fault`;
      return outcome.code === 'connectly-429'
        ? 'throttled'
        : outcome.code.startsWith('ERROR_CODE_')
          ? 'alive'
          : 'failing';
  }
}
