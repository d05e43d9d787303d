import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretsSet } from '../../../cli/secrets/set.ts';
import { secretsStatus } from '../../../cli/secrets/status.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { type RelayResult } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
}, patienceMs);

beforeEach(async () => {
  await journey.putSecret('ApiKeySecretArn', 'local-api-key');
  await journey.putSecret('WebhookSecretArn', 'local-webhook-secret');
});

afterAll(() => journey.end());

function set(stdin: string | Buffer, ...args: string[]): Promise<RelayResult> {
  return journey.relayWith({ stdin }, 'secrets', 'set', ...args, '--json');
}

describe('relay secrets set', { timeout: patienceMs }, () => {
  it('asks before it replaces a value', async () => {
    const { exitCode, stderr } = await set('local-api-key\n', 'api-key');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
    expect(stderr).toContain('relay secrets rotate api-key --local');
  });

  it('tries a key at Connectly before it stores it', async () => {
    const accepted = await set('local-api-key\n', 'api-key', '--yes');
    const refused = await set('canary-key\n', 'api-key', '--yes');

    const result = secretsSet.result.parse(JSON.parse(accepted.stdout));
    expect(result).toMatchObject({ secret: 'api-key', action: 'replaced', checked: true });
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toContain('Nothing was stored');
    expect(refused.stderr).toContain('--no-check');
    expect(refused.stderr).not.toContain('canary');
  });

  it('stores keys by business, and shows how many, never which', async () => {
    await set('{"local-business":"local-api-key"}', 'api-key', '--yes');
    const one = await journey.relay('secrets', 'status');
    await set('canary-key', 'api-key', '--business', 'canary-business', '--no-check');

    const [status] = await journey.results(secretsStatus, 'secrets', 'status');
    const words = await journey.relay('secrets', 'status');

    expect(status?.secrets[1]).toMatchObject({ secret: 'api-key', state: 'set', businesses: 2 });
    expect(one.stdout).toContain('a key for one business');
    expect(words.stdout).toContain('keys for 2 businesses');
    expect(JSON.stringify(status) + words.stdout + words.stderr).not.toContain('canary');
  });

  it.each([
    ['an empty value', '', ['webhook-secrets', '--yes'], 2],
    ['a list that is none', '[1]', ['webhook-secrets', '--yes'], 3],
    ['half a JSON object, untried', '{"a":', ['api-key', '--yes', '--no-check'], 3],
    ['a key of two lines, untried', 'can\nary', ['api-key', '--yes', '--no-check'], 3],
    ['a webhook secret of two lines', 'can\nary', ['webhook-secrets', '--yes'], 3],
    ['what is no text', Buffer.from([0xff, 0xfe, 0x61, 0]), ['webhook-secrets', '--yes'], 3],
    ['a business for the webhook secret', 'x', ['webhook-secrets', '--business', 'b'], 2],
    ['a secret that is none', 'x', ['password'], 2],
    ['a value on the command line', '', ['webhook-secrets', 'canary'], 2],
  ])('refuses %s', async (_, stdin, args, expected) => {
    const { exitCode, stdout, stderr } = await set(stdin, ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).not.toContain('canary');
  });
});

describe('a value that makes no sense', { timeout: patienceMs }, () => {
  it('is set anew by the command that the status names', async () => {
    await journey.putSecret('ApiKeySecretArn', '{"a":');

    const broken = await journey.relay('secrets', 'status');
    const [, named = ''] = /relay (secrets set api-key .*)/.exec(broken.stdout) ?? [];
    const mended = await journey.relayWith({ stdin: 'local-api-key' }, ...named.trim().split(' '));
    const [after] = await journey.results(secretsStatus, 'secrets', 'status');

    expect(broken.stdout).toContain('makes no sense');
    expect(mended.exitCode).toBe(0);
    expect(after?.secrets[1]).toMatchObject({ secret: 'api-key', state: 'set' });
  });
});

describe('relay secrets rotate', { timeout: patienceMs }, () => {
  it.each([
    ['to finish what was not begun', ['webhook-secrets', '--finish'], 3, 'no-rotation-under-way'],
    ['to finish an API key', ['api-key', '--finish'], 2, 'usage'],
    ['a key of two lines, untried', ['api-key', '--no-check'], 3, 'secret-invalid', 'can\nary'],
    ['a waiting time that is none', ['webhook-secrets', '--finish', '--unused-for', 'long'], 2, 'usage'],
  ])('refuses %s', async (_, args, expected, code, stdin = '') => {
    const { exitCode, stderr } = await journey.relayWith({ stdin }, 'secrets', 'rotate', ...args, '--json');

    expect(exitCode).toBe(expected);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });

  it('does not finish before the functions can know the new secret, and says how to insist', async () => {
    const added = await journey.relayWith({ stdin: 'canary-new' }, 'secrets', 'rotate', 'webhook-secrets');
    const args = ['secrets', 'rotate', 'webhook-secrets', '--finish', '--unused-for', '359', '--yes'];
    const { exitCode, stderr } = await journey.relay(...args);
    const [status] = await journey.results(secretsStatus, 'secrets', 'status');

    expect(added.exitCode).toBe(0);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--unused-for 360');
    expect(stderr).toContain('relay secrets set webhook-secrets --local');
    expect(status?.secrets[0]).toMatchObject({ live: 2 });
  });
});
