import { describe, expect, it } from 'vitest';
import { everydayRefusals, troubles } from '../../../lib/delivery/troubles.ts';

describe('the metric of the API key', () => {
  const ofTheKey = [
    'secret-not-set',
    'secret-invalid',
    'secret-unavailable',
    'connectly-401',
    'no-key-for-business',
  ];

  it.each(ofTheKey)('counts an attempt and a probe with the code %s', (code) => {
    const found = ['attempt', 'probe-failed'].map((event) => troubles(event, { result: 'not-sent', code }));

    expect(found).toEqual([['api-key'], ['api-key']]);
  });

  it.each(['connectly-403', 'connectly-404', 'connectly-500', 'no-answer', 'x-connectly-401', undefined])(
    'counts no attempt and no probe with the code %s',
    (code) => {
      const fields = { result: 'not-sent', ...(code !== undefined && { code }) };

      const found = ['attempt', 'probe-failed'].flatMap((event) => troubles(event, fields));

      expect(found).toEqual([]);
    },
  );

  it.each([
    ...ofTheKey,
    'connectly-301',
    'connectly-308',
    'connectly-402',
    'connectly-403',
    'connectly-404',
    'connectly-407',
    'connectly-451',
    'ERROR_CODE_BUSINESS_KEY_SECRET_ABSENT',
  ])('counts messages that are not tried because sending pauses for %s', (cause) => {
    const found = troubles('untouched', { code: 'business-paused', cause });

    expect(found).toEqual(['api-key']);
  });

  it.each([
    'connectly-429',
    'connectly-408',
    'connectly-425',
    'connectly-500',
    'connectly-4031',
    'a connectly-403',
    'AN_ERROR_CODE_X',
    'no-answer',
    'connection-failed',
    undefined,
  ])('counts none that are not tried for %s', (cause) => {
    const found = troubles('untouched', { code: 'business-paused', ...(cause !== undefined && { cause }) });

    expect(found).toEqual([]);
  });

  it('counts nothing when sending begins to pause or goes on: attempts and untouched messages say so', () => {
    const found = ['paused', 'resumed'].flatMap((event) =>
      troubles(event, { code: 'sending-paused', cause: 'secret-not-set' }),
    );

    expect(found).toEqual([]);
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
