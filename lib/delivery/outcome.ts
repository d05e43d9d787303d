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
  /**
   * Nothing that this message says. `business`: every other one of its business would meet the same, `stage`: every other
   * one. `request`: nobody knows which of them it is, this message or its business.
   */
  readonly configurationFault?: 'request' | 'business' | 'stage';
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

/** Why the relay itself gives up on a message, and what to do. */
export interface OwnRefusal {
  /** Who can mend it: `producer` queued the message, `operator` runs the stage. */
  readonly who: 'producer' | 'operator';
  readonly meaning: string;
  readonly remedy: string;
}

/** By `error.code` of the copy on the sends DLQ. `message-invalid` is not here: its text names the problems. */
export const ownRefusals = {
  expired: {
    who: 'producer',
    meaning: 'The message was not sent before it expired.',
    remedy: 'Queue it again if it still matters.',
  },
  'id-reused': {
    who: 'producer',
    meaning: 'Another message with this "id" has been sent, or may have been.',
    remedy: 'Give this one an id of its own.',
  },
  'business-missing': {
    who: 'operator',
    meaning: 'Neither the message nor the stage names a Connectly business.',
    remedy: 'Give the message a "businessId", or deploy with the businessId setting.',
  },
  'recipient-not-allowed': {
    who: 'operator',
    meaning: 'This stage sends to the recipients of its onlyTo setting only.',
    remedy: 'Add the recipient to onlyTo and deploy again, or send from another stage.',
  },
  'outcome-unknown': {
    who: 'operator',
    meaning: 'Nobody can know whether Connectly accepted this message, and no delivery status came.',
    remedy:
      'Ask the customer or Connectly. If it was not sent, npx relay dlq redrive --id ID --resend-unknown --yes sends it.',
  },
} as const satisfies Readonly<Record<string, OwnRefusal>>;

export type OwnRefusalCode = keyof typeof ownRefusals;

/** A refusal of our own. Its message is the text of `error.message`. */
export function ownRefusal(code: OwnRefusalCode): Refusal {
  const { meaning, remedy } = ownRefusals[code];
  return { kind: 'refused', code, message: `${meaning} ${remedy}`, ours: true };
}

/** The time of a message is over, right before the request that would have carried it. */
// The mark lets a bundle that does not need it leave it out.
export const expired: Refusal = /* @__PURE__ */ ownRefusal('expired');

/** What an outcome says about the way that requests take. */
export type Sign =
  /** Connectly does its work: it accepted a message, or refused one for what is in it. */
  | 'well'
  /** Too much was asked of it. */
  | 'throttled'
  /** It gave no answer, or one that says that it is broken. */
  | 'failing'
  /** An answer without a word about the message: one is of this message, several are of its business. */
  | 'turned-down'
  /** No message of this business would fare better. */
  | 'refuses-business'
  /** No message at all would. */
  | 'refuses-stage'
  /** No request was made, or the trouble is somebody else's. */
  | 'nothing';

const signOfFault = {
  request: 'turned-down',
  business: 'refuses-business',
  stage: 'refuses-stage',
} as const satisfies Record<string, Sign>;

export function signOf(outcome: Outcome): Sign {
  if ('ours' in outcome) return 'nothing';
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return 'well';
    case 'unclear':
      return 'failing';
    case 'duplicate':
      return 'nothing';
    case 'not-sent':
      if (outcome.configurationFault !== undefined) return signOfFault[outcome.configurationFault];
      if (outcome.code === 'connectly-429') return 'throttled';
      return outcome.code.startsWith('ERROR_CODE_') ? 'well' : 'failing';
  }
}

/** The code that stands for an outcome in the log. */
export function codeOf(outcome: Outcome): string {
  return 'code' in outcome ? outcome.code : outcome.kind;
}
