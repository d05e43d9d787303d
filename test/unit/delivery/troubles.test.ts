import { describe, expect, it } from 'vitest';
import { everydayRefusals, troubles } from '../../../lib/delivery/troubles.ts';

describe('the metric of the API key', () => {
  it.each([
    'secret-not-set',
    'secret-invalid',
    'secret-unavailable',
    'connectly-401',
    'connectly-403',
    'no-key-for-business',
    'business-paused',
  ])('counts an attempt with the code %s', (code) => {
    const found = troubles('attempt', { result: 'not-sent', code });

    expect(found).toEqual(['api-key']);
  });

  it.each(['connectly-500', 'breaker-open', undefined])('counts no attempt with the code %s', (code) => {
    const fields = { result: 'not-sent', ...(code !== undefined && { code }) };

    const found = troubles('attempt', fields);

    expect(found).toEqual([]);
  });

  it('counts a probe that finds no key, and none that Connectly does not answer', () => {
    const found = ['secret-not-set', 'connectly-401', 'no-answer'].map((code) =>
      troubles('probe-failed', { code }),
    );

    expect(found).toEqual([['api-key'], [], []]);
  });

  it('counts nothing else, whatever its code is', () => {
    const found = troubles('webhook', { result: 'secret-unavailable', code: 'secret-unavailable' });

    expect(found).toEqual([]);
  });
});

describe('what is given up', () => {
  it.each([
    ['for a reason of ours', { result: 'refused', code: 'expired' }, ['given-up']],
    ['for one of Connectly', { result: 'refused', code: 'ERROR_CODE_NEW' }, ['given-up']],
    ['for none that is told', { result: 'refused' }, ['given-up']],
    ...everydayRefusals.map((code) => ['as on any other day', { result: 'refused', code }, []] as const),
    [
      'because nobody knows its outcome',
      { result: 'refused', code: 'outcome-unknown' },
      ['given-up', 'outcome-unknown'],
    ],
    ['not at all', { result: 'accepted' }, []],
    ['not yet', { result: 'not-sent', code: 'connectly-429' }, []],
  ] as const)('counts by its reason: %s (%j)', (_, fields, names) => {
    const found = troubles('attempt', fields);

    expect(found).toEqual(names);
  });

  it.each([
    ['outcome-unknown', ['given-up', 'outcome-unknown']],
    ['released', []],
  ])('counts among parked sends, too: %s', (result, names) => {
    const found = troubles('settle', { type: 'parked', result });

    expect(found).toEqual(names);
  });

  it('has nothing to do with a webhook that is refused', () => {
    const found = troubles('webhook', { result: 'refused' });

    expect(found).toEqual([]);
  });
});

it.each(['attempt-failed', 'attempt-unrecorded', 'settle-failed'])('%s is a failed effect', (event) => {
  const found = troubles(event, { code: 'ledger-unavailable' });

  expect(found).toEqual(['failed-effects']);
});
