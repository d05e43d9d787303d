import { describe, expect, it } from 'vitest';
import { parseWebhookSecrets } from '../../../lib/webhook/secrets.ts';

describe('parseWebhookSecrets', () => {
  it('takes a plain string for the one live secret', () => {
    const secrets = parseWebhookSecrets('YOUR_SECRET_VALUE');

    expect(secrets).toEqual(['YOUR_SECRET_VALUE']);
  });

  it('takes every entry of a JSON list for live', () => {
    const secrets = parseWebhookSecrets(' ["old", "new"]\n');

    expect(secrets).toEqual(['old', 'new']);
  });

  it.each(['secret\n', 'secret\r\n'])('forgives the line feed that a file ends with: %j', (value) => {
    const secrets = parseWebhookSecrets(value);

    expect(secrets).toEqual(['secret']);
  });

  it('keeps a line feed inside a secret, and all but the last at its end', () => {
    const secrets = parseWebhookSecrets('one\ntwo\n\n');

    expect(secrets).toEqual(['one\ntwo\n']);
  });

  it('keeps blanks that belong to a secret', () => {
    const secrets = parseWebhookSecrets(' secret ');

    expect(secrets).toEqual([' secret ']);
  });

  it.each(['', ' ', '\n'])('refuses the empty secret %j as not set', (value) => {
    const parse = () => parseWebhookSecrets(value);

    expect(parse).toThrow(
      expect.objectContaining({ code: 'secret-not-set', message: expect.stringContaining('empty') }),
    );
  });

  it.each(['[]', '[""]', '["good", " "]', '[1]', '["good"', '[["nested"]]', '[null]', '[{}]', '[[" x"]]'])(
    'refuses the list %s without repeating it',
    (value) => {
      const parse = () => parseWebhookSecrets(value);

      expect(parse).toThrow(
        expect.objectContaining({ code: 'secret-invalid', message: expect.stringContaining('JSON list') }),
      );
      expect(parse).not.toThrow(/good|nested/);
    },
  );

  it.each(['{"webhook-secret":"good"}', ' {', '"good"', '\n"good"\n'])(
    'refuses %j, which would turn every event away as it stands, without repeating it',
    (value) => {
      const parse = () => parseWebhookSecrets(value);

      expect(parse).toThrow(
        expect.objectContaining({
          code: 'secret-invalid',
          message: expect.stringContaining('store it bare'),
        }),
      );
      expect(parse).not.toThrow(/good/);
    },
  );
});
