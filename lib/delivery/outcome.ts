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

/**
 * What an outcome says about the health of Connectly, or of one business. `good`: it answered, even by a refusal. `bad`:
 * it gave no answer, or one that says that it is broken. `hopeless`: no other message would fare better. `nothing`: no
 * request was made, or the trouble is somebody else's.
 */
export type Health = 'good' | 'bad' | 'hopeless' | 'nothing';

/** What an outcome says to the dispatcher. */
export interface Judgement {
  readonly connectly: Health;
  readonly business: Health;
  /** `throttled`: a 429. `answered`: Connectly does its work. */
  readonly pace: 'answered' | 'throttled' | 'nothing';
}

export const saysNothing: Judgement = { connectly: 'nothing', business: 'nothing', pace: 'nothing' };
const works: Judgement = { connectly: 'good', business: 'good', pace: 'answered' };
const fails: Judgement = { connectly: 'bad', business: 'nothing', pace: 'nothing' };

export function judge(outcome: Outcome): Judgement {
  if ('ours' in outcome) return saysNothing;
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return works;
    case 'unclear':
      return fails;
    case 'duplicate':
      return saysNothing;
    case 'not-sent':
      if (outcome.configurationFault === 'business') return { ...saysNothing, business: 'hopeless' };
      if (outcome.configurationFault === 'stage') return { ...saysNothing, connectly: 'hopeless' };
      if (outcome.code === 'connectly-429') return { ...works, pace: 'throttled' };
      return outcome.code.startsWith('ERROR_CODE_') ? works : fails;
  }
}
