import { describe, expect, it } from 'vitest';
import { bareSecret, decorationOf } from '../../../../cli/secrets/decorations.ts';
import { parseWebhookSecrets } from '../../../../lib/webhook/secrets.ts';

describe('a secret that was entered', () => {
  it.each([
    ['nothing', 's3cret', []],
    ['blanks', '  s3cret ', ['blank space']],
    ['a tab', 's3cret\t', ['blank space']],
    ['line feeds', '\ns3cret\r\n\r\n', ['a line feed']],
    ['a line feed and a blank', 's3cret \n', ['a line feed', 'blank space']],
    ['no-break spaces', '\u{a0}s3cret\u{202f}', ['blank space']],
    ['a wide space', '\u{3000}s3cret', ['blank space']],
    ['a line separator', 's3cret\u{2028}', ['a line feed']],
    ['a byte order mark', '\u{feff}s3cret', ['a byte order mark']],
    ['two marks', '\u{feff}\u{feff}s3cret', ['a byte order mark']],
    ['zero-width spaces', '\u{200b}s3cret\u{2060}', ['a character that nobody sees']],
    ['marks of direction', '\u{202a}s3cret\u{202c}', ['a character that nobody sees']],
    ['a soft hyphen', 's3cret\u{ad}', ['a character that nobody sees']],
    ['an escape character', '\u{1b}s3cret', ['a character that nobody sees']],
  ])('loses what nobody sees around it, and says so: %s', (_, entered, takenOff) => {
    expect(bareSecret('webhook-secrets', entered)).toEqual({ value: 's3cret', takenOff });
    expect(bareSecret('api-key', entered)).toEqual({ value: 's3cret', takenOff });
  });

  it.each([
    ['s3 cret\u00e9', ['s3 cret\u00e9']],
    ['[\n  "old",\n  "new"\n]', ['old', 'new']],
    ['\u{feff}["old", "new"]\n', ['old', 'new']],
    ['["\'old\'", "KEY=new"]', ["'old'", 'KEY=new']],
    ['c2VjcmV0==', ['c2VjcmV0==']],
    ['c2VjcmV0=', ['c2VjcmV0=']],
    ['https://a', ['https://a']],
  ])('%j stays what it is', (entered, expected) => {
    expect(parseWebhookSecrets(bareSecret('webhook-secrets', entered).value)).toEqual(expected);
  });

  it.each([
    ['"canary"', 'a pair of quotes around'],
    ["'canary'", 'a pair of quotes around'],
    ['`canary`\n', 'a pair of quotes around'],
    ['\u{201c}canary\u{201d}', 'a pair of quotes around'],
    ['WEBHOOK_SECRET=canary', 'a name before'],
    ['export WEBHOOK_SECRET="canary"', 'a name before'],
    ['webhook_secret = canary', 'a name before'],
    ['X-API-Key: canary', 'a name before'],
    ['Bearer canary', '"Bearer" before'],
    ['bearer\tcanary', '"Bearer" before'],
    ['can\nary', 'a control character in'],
    ['c\0a\0n\0a\0r\0y\0', 'a control character in'],
    ['can\u{200b}ary', 'a character that nobody sees in'],
    ['can\u{a0}ary', 'a character that nobody sees in'],
    ['can\u{fffd}ary', 'a character that was no UTF-8 in'],
    ['["canary\\n"]', 'a line feed around'],
    ['["can\\u200bary"]', 'a character that nobody sees in'],
  ])('%j is refused, with the reason and without quoting it', (entered, reason) => {
    const reading = () => bareSecret('webhook-secrets', entered);

    expect(reading).toThrow(reason);
    expect(reading).toThrow('Nothing was stored.');
    expect(reading).toThrow(/^((?!canary|can|ary|WEBHOOK).)*$/);
  });

  it.each(['"canary"', 'API_KEY=canary', '{"business":"Bearer canary"}', '{"business":"\'canary\'"}'])(
    'is refused as the API key %j, which no list can say exactly',
    (entered) => {
      expect(() => bareSecret('api-key', entered)).toThrow('Enter the key alone.');
    },
  );

  it.each(['', ' \n', '\u{200b}\u{feff}'])('is refused when nothing in it can be seen: %j', (entered) => {
    expect(() => bareSecret('api-key', entered)).toThrow('nothing');
  });

  it('is read in time that grows with its length', () => {
    const blanks = ' '.repeat(100_000);

    const { value } = bareSecret('webhook-secrets', `a${blanks}a`);

    expect(value).toHaveLength(100_002);
  });
});

describe('a secret that is stored', () => {
  it.each([
    ['bare', 'webhook-secrets', 'old', undefined],
    ['a list', 'webhook-secrets', '\n["old", "new"]\n', undefined],
    ['keys by business', 'api-key', ' {"b":"key"} ', undefined],
    ['a line feed that the function takes off', 'webhook-secrets', 'old\n', 'taken-off'],
    ['a blank that the function takes off', 'api-key', ' key', 'taken-off'],
    ['a blank that it does not', 'webhook-secrets', ' old', 'harmful'],
    ['a mark that it does not', 'webhook-secrets', '\u{feff}old', 'harmful'],
    ['a zero-width space', 'webhook-secrets', 'old\u{200b}', 'harmful'],
    ['a no-break space', 'webhook-secrets', '\u{a0}old', 'harmful'],
    ['the line of an env file', 'webhook-secrets', 'SECRET=old', 'harmful'],
    ['the line of an env file', 'api-key', 'API_KEY=key', 'harmful'],
    ['a blank in a list', 'webhook-secrets', '["old "]', 'harmful'],
    ['quotes in a list, which may be meant', 'webhook-secrets', '["\'old\'"]', 'deliberate'],
    ['quotes in keys by business', 'api-key', '{"b":"\'key\'"}', 'harmful'],
  ] as const)('tells what what is around it does: %s', (_, name, stored, effect) => {
    expect(decorationOf(name, stored)?.effect).toBe(effect);
  });
});
