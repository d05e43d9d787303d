import { expect, it } from 'vitest';
import { judge, type Outcome } from '../../../lib/delivery/outcome.ts';

it.each<[string, Outcome, string]>([
  ['accepted', { kind: 'accepted', vendorId: 'V1' }, 'alive'],
  ['refused by Connectly', { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' }, 'alive'],
  ['refused by us', { kind: 'refused', code: 'expired', message: 'Ours.', ours: true }, 'neutral'],
  ['a duplicate', { kind: 'duplicate' }, 'neutral'],
  ['left unclear by Connectly', { kind: 'unclear', code: 'connectly-500' }, 'failing'],
  ['left unclear by silence', { kind: 'unclear', code: 'no-answer' }, 'failing'],
  ['left unclear by an earlier attempt', { kind: 'unclear', code: 'attempt-lost', ours: true }, 'neutral'],
  ['throttled', { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 1 }, 'throttled'],
  ['told to come back', { kind: 'not-sent', code: 'connectly-503', retryAfterSeconds: 1 }, 'failing'],
  ['not connected', { kind: 'not-sent', code: 'connection-failed' }, 'failing'],
  ['limited for its business', { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS' }, 'alive'],
  [
    'kept back by a wrong key',
    { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
    'business-fault',
  ],
  [
    'kept back by a configuration that Connectly names',
    { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', configurationFault: 'business' },
    'business-fault',
  ],
  [
    'of a business without a key',
    { kind: 'not-sent', code: 'no-key-for-business', configurationFault: 'business' },
    'business-fault',
  ],
  [
    'kept back because no key can be read',
    { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' },
    'stage-fault',
  ],
  ['kept back by the ledger', { kind: 'not-sent', code: 'ledger-unavailable', ours: true }, 'neutral'],
  ['being sent by somebody else', { kind: 'not-sent', code: 'being-sent', ours: true }, 'neutral'],
])('a message that is %s (%o) says about Connectly: %s', (_, outcome, sign) => {
  const judged = judge(outcome);

  expect(judged).toBe(sign);
});
