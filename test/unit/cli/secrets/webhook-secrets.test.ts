import { describe, expect, it } from 'vitest';
import {
  readWebhookSecrets,
  withNewestOnly,
  withSecretAdded,
} from '../../../../cli/secrets/webhook-secrets.ts';
import { parseWebhookSecrets } from '../../../../lib/webhook/secrets.ts';

const targetOptions = '--stage test';

describe('a webhook secret that was entered', () => {
  it.each([
    ['s3cret', ['s3cret']],
    [' s3 cret\u00e9 ', [' s3 cret\u00e9 ']],
    ['[\n  "old",\n  "new"\n]', ['old', 'new']],
  ])('%j is read as %j', (entered, expected) => {
    expect(readWebhookSecrets(entered)).toEqual(expected);
  });

  it.each([
    'can\nary',
    'canary\n\n',
    'c\0a\0n\0a\0r\0y\0',
    '\u001bcanary',
    '["canary\\n"]',
    '{"canary":1}',
    '"canary"',
  ])('%j is refused, without quoting it', (entered) => {
    const reading = () => readWebhookSecrets(entered);

    expect(reading).toThrow(/^((?!canary).)*$/);
  });
});

describe('withSecretAdded', () => {
  it.each(['old', '["old"]', 'old\n'])('makes both live, the new one last, from %j', (value) => {
    const rotated = withSecretAdded(value, { entered: 'new', targetOptions });

    expect(parseWebhookSecrets(rotated)).toEqual(['old', 'new']);
  });

  it.each(['["new","newer"]', '{"new":', 'n\new'])(
    'refuses to add %j, which is not one secret',
    (entered) => {
      expect(() => withSecretAdded('old', { entered, targetOptions })).toThrow();
    },
  );

  it('adds the one of a list', () => {
    expect(withSecretAdded('old', { entered: '["new"]', targetOptions })).toBe('["old","new"]');
  });

  it('refuses a third one', () => {
    expect(() => withSecretAdded('["old","new"]', { entered: 'newer', targetOptions })).toThrow(
      'npx relay secrets rotate webhook-secrets --finish --stage test',
    );
  });

  it('refuses the one that is live, without quoting it', () => {
    expect(() => withSecretAdded('canary', { entered: 'canary', targetOptions })).toThrow(/^((?!canary).)*$/);
  });
});

describe('withNewestOnly', () => {
  it.each(['new', '[new', ' [new', 'new\n', '"new"'])('leaves %j alone, as it was', (newest) => {
    const finished = withNewestOnly(JSON.stringify(['old', newest]), { targetOptions });

    expect(parseWebhookSecrets(finished)).toEqual([newest]);
  });

  it('stores a plain secret as it is', () => {
    expect(withNewestOnly('["old","new"]', { targetOptions })).toBe('new');
  });

  it.each(['only', '["only"]'])('refuses when %j is the only one', (value) => {
    expect(() => withNewestOnly(value, { targetOptions })).toThrow(
      'npx relay secrets rotate webhook-secrets --stage test',
    );
  });
});
