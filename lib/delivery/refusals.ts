/** Why the relay itself gives up on a message: what happened, what to do, and who can do it. */
export interface OwnRefusal {
  /** Whoever queued the message, or whoever runs the stage. */
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

/** The code and the text of `error.message` for a refusal of our own. */
export function ownRefusal<Code extends OwnRefusalCode>(code: Code): { code: Code; message: string } {
  const { meaning, remedy } = ownRefusals[code];
  return { code, message: `${meaning} ${remedy}` };
}
