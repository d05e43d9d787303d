import { describe, expect, it } from 'vitest';
import { isMeant, parseCount, parseRecipient } from '../../../../cli/dlq/filter.ts';

describe('a filter', () => {
  const now = 10_000_000;
  const letter = {
    code: 'ERROR_CODE_X',
    originalId: 'order-1',
    bodyId: undefined,
    messageId: 'm-1',
    body: '{}',
    send: { to: '+15555555555', type: 'text', key: undefined },
    queuedAt: now - 60_000,
    expiresAt: now - 1,
  };

  it.each([
    [{}, true],
    [{ code: ['error-code-x'] }, true],
    [{ code: ['other', 'ERROR_CODE_X'] }, true],
    [{ code: ['expired'] }, false],
    [{ id: ['order-1'] }, true],
    [{ id: ['m-1'] }, true],
    [{ id: ['order-2'] }, false],
    [{ to: '+15555555555' }, true],
    [{ to: '+1555555555' }, false],
    [{ olderThan: 59_999 }, true],
    [{ olderThan: 60_000 }, false],
    [{ newerThan: 60_001 }, true],
    [{ newerThan: 60_000 }, false],
    [{ expired: true }, true],
  ])('by %j takes the letter: %s', (filter, expected) => {
    const meant = isMeant(letter, filter, now);

    expect(meant).toBe(expected);
  });

  it.each([
    [{ ...letter, originalId: 'm-1', bodyId: 'order-1' }, { id: ['order-1'] }],
    [{ ...letter, send: undefined, body: '{"to":"1 (555) 555-5555"}' }, { to: '+15555555555' }],
    [{ ...letter, send: undefined, body: '+15555555555' }, { to: '+15555555555' }],
    [{ ...letter, send: undefined, body: '{"to":"US.1349"}' }, { to: 'US.1349' }],
  ])('finds an invalid message by what stands in it: %j', (invalid, filter) => {
    const meant = isMeant(invalid, filter, now);

    expect(meant).toBe(true);
  });

  it('finds no invalid message by the number of somebody else', () => {
    const invalid = { ...letter, send: undefined, body: '{"to":"15555555556"}' };

    const meant = isMeant(invalid, { to: '+15555555555' }, now);

    expect(meant).toBe(false);
  });

  it.each(['+15555555555', 'US.1349'])('reads the recipient %s', (recipient) => {
    expect(parseRecipient(recipient)).toBe(recipient);
  });

  it.each(['15555555555', '+0155', 'Ana', ''])('refuses the recipient "%s"', (given) => {
    const parse = () => parseRecipient(given);

    expect(parse).toThrow(/E\.164/);
  });

  it('takes what has not expired for that', () => {
    const meant = isMeant({ ...letter, expiresAt: now + 1 }, { expired: true }, now);

    expect(meant).toBe(false);
  });

  it.each(['0', '-1', '1.5', 'ten', '', '9999999999'])('refuses the count "%s"', (given) => {
    const parse = () => parseCount(given);

    expect(parse).toThrow(/whole number above 0/);
  });
});
