import { describe, expect, it } from 'vitest';
import { losesSecret, withNewestOnly, withSecretAdded } from '../../../../cli/secrets/webhook-secrets.ts';
import { parseWebhookSecrets } from '../../../../lib/webhook/secrets.ts';

const targetOptions = '--stage test';

describe('withSecretAdded', () => {
  it.each(['old', '["old"]', 'old\n'])('makes both live, the new one last, from %j', (value) => {
    const rotated = withSecretAdded(value, { entered: 'new', targetOptions });

    expect(parseWebhookSecrets(rotated)).toEqual(['old', 'new']);
  });

  it.each(['["new","newer"]', '{"new":'])('refuses to add %j, which is not one secret', (entered) => {
    expect(() => withSecretAdded('old', { entered, targetOptions })).toThrow();
  });

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

describe('losesSecret', () => {
  it.each([
    ['another secret takes the place', 'old', 'new', true],
    ['one of two goes', '["old","new"]', 'new', true],
    ['it is the same secret', 'old', 'old', false],
    ['it is the same secret without its line feed', 'old\n', 'old', false],
    ['the old one stays live', 'old', '["old","new"]', false],
    ['no event can have been signed with the old one', ' old', 'new', false],
  ])('says whether a secret is lost that may work: %s', (_, stored, value, expected) => {
    expect(losesSecret(stored, value)).toBe(expected);
  });
});
