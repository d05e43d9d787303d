import { describe, expect, it } from 'vitest';
import { dryRunOf, masked } from '../../../../cli/send/dry-run.ts';
import { messageFields } from '../../../../cli/send/message-options.ts';
import { suspicionAbout } from '../../../../cli/send/suspicious-number.ts';
import {
  collectNameValues,
  degreesUpTo,
  readExactJson,
  refuseRepeated,
} from '../../../../cli/terminal/option-values.ts';

describe('The fields of a message', () => {
  it('are those that were given, and no other', () => {
    const fields = messageFields({ to: '+15555555555' }, 0);

    expect(fields).toEqual({ to: '+15555555555' });
  });

  it.each([{ expiresIn: '0s' }, { expiresAt: '2026-11-22T00:00:00Z' }])(
    'hold no time that has passed: %j',
    (options) => {
      const now = Date.UTC(2026, 10, 22);

      expect(() => messageFields({ to: '+1', ...options }, now)).toThrow('has passed');
    },
  );

  it('hold the time that --expires-in comes to', () => {
    const fields = messageFields({ to: '+1', expiresIn: '2m', callbackData: '{"a":1}' }, 0);

    expect(fields).toEqual({ to: '+1', expiresAt: '1970-01-01T00:02:00.000Z', callbackData: { a: 1 } });
  });

  it.each(['{', '12345678901234567890'])(
    'refuse callback data that would not arrive as it is: %s',
    (json) => {
      expect(() => readExactJson(json, '--callback-data')).toThrow(/--callback-data/);
    },
  );

  it('say so when there is no JSON at all', () => {
    expect(() => readExactJson(' \n', 'stdin')).toThrow('stdin is empty.');
  });

  it.each(['90.1', '-91', 'north', '', 'NaN'])('have no latitude of %j', (text) => {
    expect(() => degreesUpTo(90)(text)).toThrow('from -90 to 90');
  });

  it('have a longitude of 180', () => {
    expect(degreesUpTo(180)('-180')).toBe(-180);
  });

  it('split name=value at the first equals sign', () => {
    const values = collectNameValues('url=https://example.com/?a=b', [{ name: 'x', value: '' }]);

    expect(values).toEqual([
      { name: 'x', value: '' },
      { name: 'url', value: 'https://example.com/?a=b' },
    ]);
    expect(() => collectNameValues('=x')).toThrow('name=value');
  });

  it('has one value for each name', () => {
    const given = ['a', 'b', 'b'].map((name) => ({ name, value: '1' }));

    expect(() => refuseRepeated('--param', given.slice(0, 2))).not.toThrow();
    expect(() => refuseRepeated('--param', given)).toThrow('--param gives b more than once');
  });
});

describe('A suspicious number', () => {
  it.each([
    ['+16502223333', undefined],
    ['+34600000000', undefined],
    ['US.13491208655302741918', undefined],
    ['+1650222333', /length/],
    ['+19995551234', /assigned/],
    ['+15555555555', undefined],
    ['+12125550123', undefined],
    ['+999123456789', /country/],
  ])('%s', (number, expected) => {
    const suspicion = suspicionAbout(number);

    if (expected === undefined) expect(suspicion).toBeUndefined();
    else expect(suspicion).toMatch(expected);
  });
});

describe('A dry run', () => {
  const number = '+15551234567';
  const message = {
    type: 'text',
    to: number,
    text: `call ${number}`,
    from: '+15557654321',
    callbackData: { phones: [number] },
  } as const;

  it('shows no full number anywhere', () => {
    const shown = JSON.stringify(dryRunOf(message, { reveal: false, warnings: [], stage: undefined }));

    expect(shown).not.toMatch(/\d{7}/);
    expect(shown).toContain('+1555•••4567');
  });

  it('shows everything when asked to', () => {
    const { message: queued, request } = dryRunOf(message, { reveal: true, warnings: [], stage: undefined });

    expect(queued).toEqual(message);
    expect(request.body).toMatchObject({ recipient: { id: number }, sender: { id: message.from } });
  });

  it('shows where the message would go when the stage is known', () => {
    const stage = {
      businessId: 'its-business',
      senderNumber: '+15550109999',
      connectlyBaseUrl: new URL('http://127.0.0.1:1'),
    };
    const { from: _, ...fromNobody } = message;

    const { request } = dryRunOf(fromNobody, { reveal: true, warnings: [], stage });

    expect(request.url).toBe('http://127.0.0.1:1/v1/businesses/its-business/send/messages');
    expect(request.body).toMatchObject({ sender: { id: '+15550109999' } });
  });

  it('masks a user id that is no number', () => {
    const shown = masked({ number: 'bsuid:US.secretUser' }, ['US.secretUser', 'bsuid:US.secretUser']);

    expect(JSON.stringify(shown)).not.toContain('secretUser');
  });
});
