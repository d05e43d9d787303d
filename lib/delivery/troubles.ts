import type { LogFields } from '../log-fields.ts';
import type { Namespace } from '../metrics.ts';

const keySecretCodes = ['secret-not-set', 'secret-invalid', 'secret-unavailable'];

/** One answer of these is about the key. A 403 is only when it is why a whole business pauses. */
const apiKeyCodes = [...keySecretCodes, 'connectly-401', 'no-key-for-business'];

/** Whether a line tells of trouble with the API key: once when it begins, and for as long as sending pauses for it. */
function isOfApiKey(event: string, { code = '', cause = '' }: LogFields): boolean {
  switch (event) {
    case 'attempt':
      return apiKeyCodes.includes(code);
    case 'untouched':
      return [...apiKeyCodes, 'connectly-403'].includes(cause);
    case 'probe-failed':
      return keySecretCodes.includes(code);
    default:
      return false;
  }
}

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
export function troubles(event: string, fields: LogFields): readonly Namespace[] {
  const { code = '', result } = fields;
  const isUnknown = code === 'outcome-unknown' || result === 'outcome-unknown';
  const isGivenUp = isUnknown || (event === 'attempt' && result === 'refused');
  return [
    ...(isOfApiKey(event, fields) ? (['api-key'] as const) : []),
    ...(failedEffects.has(event) ? (['failed-effects'] as const) : []),
    ...(isGivenUp && !everydayRefusals.includes(code) ? (['given-up'] as const) : []),
    ...(isUnknown ? (['outcome-unknown'] as const) : []),
  ];
}
