import { expect, it } from 'vitest';
import { codeOf, type Outcome, signOf } from '../../../lib/delivery/outcome.ts';

const faulty = (code: string, configurationFault: 'request' | 'business' | 'stage'): Outcome => ({
  kind: 'not-sent',
  code,
  configurationFault,
});

it.each<[string, Outcome, string]>([
  ['accepted', { kind: 'accepted', vendorId: 'V1' }, 'well'],
  ['refused by Connectly', { kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' }, 'well'],
  ['refused by us', { kind: 'refused', code: 'expired', message: 'Ours.', ours: true }, 'nothing'],
  ['a duplicate', { kind: 'duplicate' }, 'nothing'],
  ['left unclear by Connectly', { kind: 'unclear', code: 'connectly-500' }, 'failing'],
  ['left unclear by silence', { kind: 'unclear', code: 'no-answer' }, 'failing'],
  ['left unclear by an earlier attempt', { kind: 'unclear', code: 'attempt-lost', ours: true }, 'nothing'],
  ['throttled', { kind: 'not-sent', code: 'connectly-429', retryAfterSeconds: 1 }, 'throttled'],
  ['told to come back', { kind: 'not-sent', code: 'connectly-503', retryAfterSeconds: 1 }, 'failing'],
  ['sent too early', { kind: 'not-sent', code: 'connectly-425' }, 'failing'],
  ['not connected', { kind: 'not-sent', code: 'connection-failed' }, 'failing'],
  ['limited for its business', { kind: 'not-sent', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS' }, 'well'],
  ['turned down without a word about it', faulty('connectly-403', 'request'), 'turned-down'],
  ['kept back by a wrong key', faulty('connectly-401', 'business'), 'refuses-business'],
  [
    'kept back by a configuration that Connectly names',
    faulty('ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT', 'business'),
    'refuses-business',
  ],
  ['of a business without a key', faulty('no-key-for-business', 'business'), 'refuses-business'],
  ['kept back because no key can be read', faulty('secret-not-set', 'stage'), 'refuses-stage'],
  ['kept back by the ledger', { kind: 'not-sent', code: 'ledger-unavailable', ours: true }, 'nothing'],
  ['being sent by somebody else', { kind: 'not-sent', code: 'being-sent', ours: true }, 'nothing'],
])('a message that is %s (%o) is a sign: %s', (_, outcome, sign) => {
  const found = signOf(outcome);

  expect(found).toBe(sign);
});

it.each<[Outcome, string]>([
  [{ kind: 'unclear', code: 'no-answer' }, 'no-answer'],
  [{ kind: 'refused', code: 'ERROR_CODE_X', message: 'Ours.' }, 'ERROR_CODE_X'],
  [{ kind: 'accepted', vendorId: 'V1' }, 'accepted'],
  [{ kind: 'duplicate' }, 'duplicate'],
])('the code that stands for %o is %s', (outcome, code) => {
  const found = codeOf(outcome);

  expect(found).toBe(code);
});
