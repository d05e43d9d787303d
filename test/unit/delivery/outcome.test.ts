import { expect, it } from 'vitest';
import { judge, type Outcome } from '../../../lib/delivery/outcome.ts';

it.each<[string, Outcome, string]>([
  ['accepted', { kind: 'accepted', vendorId: 'V1' }, 'good good answered'],
  ['refused by Connectly', { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' }, 'good good answered'],
  [
    'refused by us',
    { kind: 'refused', code: 'expired', message: 'Ours.', ours: true },
    'nothing nothing nothing',
  ],
  ['a duplicate', { kind: 'duplicate' }, 'nothing nothing nothing'],
  ['left unclear by Connectly', { kind: 'unclear', code: 'connectly-500' }, 'bad nothing nothing'],
  ['left unclear by silence', { kind: 'unclear', code: 'no-answer' }, 'bad nothing nothing'],
  [
    'left unclear by an earlier attempt',
    { kind: 'unclear', code: 'attempt-lost', ours: true },
    'nothing nothing nothing',
  ],
  ['throttled', { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 1 }, 'good good throttled'],
  [
    'told to come back',
    { kind: 'not-sent', code: 'connectly-503', retryAfterSeconds: 1 },
    'bad nothing nothing',
  ],
  ['not connected', { kind: 'not-sent', code: 'connection-failed' }, 'bad nothing nothing'],
  [
    'limited for its business',
    { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS' },
    'good good answered',
  ],
  [
    'kept back by a wrong key',
    { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
    'nothing hopeless nothing',
  ],
  [
    'kept back by a configuration that Connectly names',
    { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', configurationFault: 'business' },
    'nothing hopeless nothing',
  ],
  [
    'of a business without a key',
    { kind: 'not-sent', code: 'no-key-for-business', configurationFault: 'business' },
    'nothing hopeless nothing',
  ],
  [
    'kept back because no key can be read',
    { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' },
    'hopeless nothing nothing',
  ],
  [
    'kept back by the ledger',
    { kind: 'not-sent', code: 'ledger-unavailable', ours: true },
    'nothing nothing nothing',
  ],
  [
    'being sent by somebody else',
    { kind: 'not-sent', code: 'being-sent', ours: true },
    'nothing nothing nothing',
  ],
])('a message that is %s (%o) says of Connectly, the business and the pace: %s', (_, outcome, said) => {
  const { connectly, business, pace } = judge(outcome);

  expect(`${connectly} ${business} ${pace}`).toBe(said);
});
