import { describe, expect, it } from 'vitest';
import { withNewestOnly, withSecretAdded } from '../../../../cli/secrets/webhook-secrets.ts';
import { parseWebhookSecrets } from '../../../../lib/webhook/secrets.ts';

describe('withSecretAdded', () => {
  it.each(['old', '["old"]', 'old\n'])('makes both live, the new one last, from %j', (value) => {
    const rotated = withSecretAdded(value, 'new');

    expect(parseWebhookSecrets(rotated)).toEqual(['old', 'new']);
  });

  it('refuses a third one', () => {
    expect(() => withSecretAdded('["old","new"]', 'newer')).toThrow('--finish');
  });

  it('refuses the one that is live, without quoting it', () => {
    expect(() => withSecretAdded('canary', 'canary')).toThrow(/^((?!canary).)*$/);
  });
});

describe('withNewestOnly', () => {
  it.each(['new', '[new', ' [new', 'new\n', '"new"'])('leaves %j alone, as it was', (newest) => {
    const finished = withNewestOnly(JSON.stringify(['old', newest]));

    expect(parseWebhookSecrets(finished)).toEqual([newest]);
  });

  it('stores a plain secret as it is', () => {
    expect(withNewestOnly('["old","new"]')).toBe('new');
  });

  it.each(['only', '["only"]'])('refuses when %j is the only one', (value) => {
    expect(() => withNewestOnly(value)).toThrow('relay secrets rotate');
  });
});
