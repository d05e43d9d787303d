import type { LogFields } from '../log-fields.ts';
import type { Namespace } from '../metrics.ts';

const keySecretCodes = ['secret-not-set', 'secret-invalid', 'secret-unavailable'];

/** The codes, by event, that tell of the API key. */
const apiKeyCodes: ReadonlyMap<string, readonly string[]> = new Map([
  // `business-paused` is all that is heard of a key after its first refusal.
  [
    'attempt',
    [...keySecretCodes, 'connectly-401', 'connectly-403', 'no-key-for-business', 'business-paused'],
  ],
  // Without a key all sending pauses, as when Connectly fails: only probes tell the two apart then.
  ['probe-failed', keySecretCodes],
]);

/** Refusals that say something about one customer, and that nobody can prevent: they wake nobody unless they are many. */
export const everydayRefusals: readonly string[] = [
  'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION',
  'ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT',
  'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW',
  'ERROR_CODE_MESSAGE_PHONE_NUMBER_INVALID',
];

/** A queue or the ledger did not do its part: it is done again, or the message's own fate stands. */
const failedEffects: ReadonlySet<string> = new Set(['attempt-failed', 'attempt-unrecorded', 'settle-failed']);

/** The metrics of trouble that a line counts in, besides those of its event. */
export function troubles(event: string, { code = '', result }: LogFields): readonly Namespace[] {
  const isUnknown = code === 'outcome-unknown' || result === 'outcome-unknown';
  const isGivenUp = isUnknown || (event === 'attempt' && result === 'refused');
  return [
    ...(apiKeyCodes.get(event)?.includes(code) === true ? (['api-key'] as const) : []),
    ...(failedEffects.has(event) ? (['failed-effects'] as const) : []),
    ...(isGivenUp && !everydayRefusals.includes(code) ? (['given-up'] as const) : []),
    ...(isUnknown ? (['outcome-unknown'] as const) : []),
  ];
}
