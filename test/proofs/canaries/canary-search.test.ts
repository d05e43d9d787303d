import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CanarySearch } from './canary-search.ts';

const phone = '+491234567890123';
const secret = 'Qw7rTz9pLk2mNb4vXc6s';

function search() {
  const made = new CanarySearch();
  made.addPhone('phone', phone);
  made.add('secret', secret);
  return made;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

describe('The search for canaries', () => {
  it.each([
    ['as it is', `key: ${secret}.`],
    ['in other letters', secret.toUpperCase()],
    ['cut off at its end', `${secret.slice(0, 12)}...`],
    ['cut off at its beginning', `...${secret.slice(-12)}`],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 after one byte', Buffer.from(`:${secret}`).toString('base64')],
    ['in base64 between others', Buffer.from(`::${secret}::`).toString('base64')],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex in capitals', Buffer.from(`..${secret}`).toString('hex').toUpperCase()],
  ])('finds one %s', (_, text) => {
    const hits = search().find([{ where: 'a log line', text }]);

    expect(hits.map(({ canary, where }) => `${canary} in ${where}`)).toContain('secret in a log line');
  });

  it.each([
    ['as it is', phone],
    ['URL-encoded', `to=${encodeURIComponent(phone)}`],
    ['without its plus', phone.slice(1)],
    ['without its country code', '1234567890123'],
    ['grouped', '+49 (1234) 567-890.123'],
    ['as a hash', sha256(phone).toString('hex')],
    ['as a hash of its digits', sha256(phone.slice(1)).toString('base64')],
    ['as the beginning of a hash', sha256(phone).toString('hex').slice(0, 24)],
  ])('finds a phone number %s', (_, text) => {
    const hits = search().find([{ where: 'a log line', text }]);

    expect(hits.map(({ canary }) => canary)).toContain('phone');
  });

  it('finds nothing in what has none', () => {
    const text = JSON.stringify({
      key: sha256('another').toString('hex'),
      at: 1_764_000_000_123,
      code: 'Qw7rTz',
    });

    const hits = search().find([{ where: 'a log line', text }]);

    expect(hits).toEqual([]);
  });
});
