import { expect, it } from 'vitest';
import { judge, type Outcome } from '../../../lib/delivery/outcome.ts';

const nothing = 'nothing nothing nothing';

const faulty = (code: string, configurationFault: 'business' | 'stage'): Outcome => ({
  kind: 'not-sent',
  code,
  configurationFault,
});

it.each<[string, Outcome, string]>([
  ['accepted', { kind: 'accepted', vendorId: 'V1' }, 'good good answered'],
  ['refused by Connectly', { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' }, 'good good answered'],
  ['refused by us', { kind: 'refused', code: 'expired', message: 'Ours.', ours: true }, nothing],
  ['a duplicate', { kind: 'duplicate' }, nothing],
  ['left unclear by Connectly', { kind: 'unclear', code: 'connectly-500' }, 'bad nothing nothing'],
  ['left unclear by silence', { kind: 'unclear', code: 'no-answer' }, 'bad nothing nothing'],
  ['left unclear by an earlier attempt', { kind: 'unclear', code: 'attempt-lost', ours: true }, nothing],
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
  ['kept back by a wrong key', faulty('connectly-401', 'business'), 'nothing hopeless nothing'],
  [
    'kept back by a configuration that Connectly names',
    faulty('ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', 'business'),
    'nothing hopeless nothing',
  ],
  ['of a business without a key', faulty('no-key-for-business', 'business'), 'nothing hopeless nothing'],
  ['kept back because no key can be read', faulty('secret-not-set', 'stage'), 'hopeless nothing nothing'],
  ['kept back by the ledger', { kind: 'not-sent', code: 'ledger-unavailable', ours: true }, nothing],
  ['being sent by somebody else', { kind: 'not-sent', code: 'being-sent', ours: true }, nothing],
])('a message that is %s (%o) says of Connectly, the business and the pace: %s', (_, outcome, said) => {
  const { connectly, business, pace } = judge(outcome);

  expect(`${connectly} ${business} ${pace}`).toBe(said);
});
