import type { LogFields } from '../log-fields.ts';
import type { Namespace } from '../metrics.ts';

/** It is missing, unreadable or refused. One message's 403 is not among them: it may be about that message. */
const keyCodes: ReadonlySet<string> = new Set([
  'secret-not-set',
  'secret-invalid',
  'secret-unavailable',
  'no-key-for-business',
  'connectly-401',
]);

/** Sending for a business pauses for these only when Connectly turns down several messages: that is about who asks. */
const turnedDown = /^(connectly-(3\d\d|4(?!08|25|29)\d\d)|ERROR_CODE_\w+)$/;

/** Whether a line tells of trouble with the API key: once when it begins, and for as long as sending pauses for it. */
function isOfApiKey(event: string, { code = '', cause = '' }: LogFields): boolean {
  switch (event) {
    case 'attempt':
    case 'probe-failed':
      return keyCodes.has(code);
    case 'untouched':
      return keyCodes.has(cause) || turnedDown.test(cause);
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
