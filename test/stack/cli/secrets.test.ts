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
  it.each([
    ['a webhook secret, whatever it is', 'another', ['webhook-secrets']],
    [
      'one of two webhook secrets',
      '["local-webhook-secret"]',
      ['webhook-secrets'],
      '["local-webhook-secret","b"]',
    ],
    ['an API key that Connectly is not to be asked about', 'another', ['api-key', '--no-check']],
    [
      'the key of a business, untried',
      'another',
      ['api-key', '--business', 'local-business', '--no-check'],
      '{"local-business":"k"}',
    ],
  ])('asks before it replaces %s', async (_, stdin, args, stored = 'local-webhook-secret') => {
    await journey.putSecret(args[0] === 'api-key' ? 'ApiKeySecretArn' : 'WebhookSecretArn', stored);

    const { exitCode, stdout, stderr } = await set(`${stdin}\n`, ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('--yes');
    expect(stderr).toContain(`relay secrets rotate ${args[0]} --local`);
  });

  it('asks before it replaces a key that Connectly still accepts', async () => {
    await journey.fake('secrets', { apiKey: { 'local-business': 'old-key', other: 'other-key' } });
    await journey.putSecret('ApiKeySecretArn', '{"local-business":"old-key"}');

    const replacing = await set('{"other":"other-key"}', 'api-key');
    await journey.fake('secrets', { apiKey: 'local-api-key' });

    expect(replacing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
  });

  it.each([
    ['a key that Connectly refuses already', 'local-api-key', 'api-key', 'refused-key'],
    ['a key by the same key', 'local-api-key', 'api-key', 'local-api-key'],
    [
      'keys by business by the same keys',
      '{"local-business":"local-api-key"}',
      'api-key',
      '{ "local-business": "local-api-key" }',
    ],
    ['a webhook secret by itself without what is around it', 'secret', 'webhook-secrets', ' secret '],
    ['a webhook secret that no event was signed with', 'secret', 'webhook-secrets', 'KEY=other'],
    ['a webhook secret that stays live', '["a","b"]', 'webhook-secrets', 'a'],
  ] as const)('asks nothing where nothing is lost: %s', async (_, stdin, name, stored) => {
    await journey.putSecret(name === 'api-key' ? 'ApiKeySecretArn' : 'WebhookSecretArn', stored);

    const { exitCode, stdout } = await set(`${stdin}\n`, name);

    expect(exitCode).toBe(0);
    expect(secretsSet.result.parse(JSON.parse(stdout))).toMatchObject({ action: 'replaced' });
  });

  it('takes off what nobody sees around a value, says so with --quiet, too, and stores a secret that events are signed with', async () => {
    const words = await journey.relayWith(
      { stdin: '\u{a0}local-webhook-secret\t\n' },
      'secrets',
      'set',
      'webhook-secrets',
      '--quiet',
    );
    const json = await set(' local-webhook-secret\u{200b}', 'webhook-secrets');
    const { stdout: status } = await journey.relay('secrets', 'status');

    expect(words).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Taken off around what was entered: blank space.'),
    });
    expect(secretsSet.result.parse(JSON.parse(json.stdout)).takenOff).toEqual([
      'blank space',
      'a character that nobody sees',
    ]);
    expect(status).toMatch(/webhook secret +set .* ago, one live value$/m);
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
    ['the line of an env file', 'WEBHOOK_SECRET=canary', ['webhook-secrets', '--yes'], 3],
    ['a header, untried', 'Bearer canary', ['api-key', '--yes', '--no-check'], 3],
    ['a value in quotes', "'canary'", ['webhook-secrets', '--yes'], 3],
    ['what has nothing to be seen', '\u{200b}\u{feff}', ['webhook-secrets', '--yes'], 2],
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

describe('what is around a value that AWS holds', { timeout: patienceMs }, () => {
  it.each([
    [
      'WebhookSecretArn',
      ' canary',
      'blank space around a value, which Connectly did not give out',
      'webhook-secrets',
    ],
    ['WebhookSecretArn', 'SECRET=canary', 'a name before a value', 'webhook-secrets'],
    [
      'WebhookSecretArn',
      'canary\n',
      'a line feed around the value. The functions take it off',
      'webhook-secrets',
    ],
    ['ApiKeySecretArn', 'canary ', 'blank space around the value. The functions take it off', 'api-key'],
    ['ApiKeySecretArn', 'canary\u{200b}', 'makes no sense', 'api-key'],
  ])('is told by the status, with what mends it: %s %j', async (output, stored, words, name) => {
    await journey.putSecret(output, stored);

    const { exitCode, stdout } = await journey.relay('secrets', 'status');

    const line = stdout.split('\n').find((each) => each.includes(`npx relay secrets set ${name} --local`));
    expect(exitCode).toBe(0);
    expect(line).toContain(words);
    expect(stdout).not.toContain('canary');
  });

  it('is a fact of its own with --json', async () => {
    await journey.putSecret('WebhookSecretArn', '\u{feff}secret');

    const [status] = await journey.results(secretsStatus, 'secrets', 'status');

    expect(status?.secrets[0]).toMatchObject({
      decoration: { what: 'a byte order mark around a value', effect: 'harmful' },
    });
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

  it('takes off what nobody sees around the new value, and says so', async () => {
    const { stdout } = await journey.relayWith(
      { stdin: '  new\n\n' },
      'secrets',
      'rotate',
      'webhook-secrets',
      '--json',
    );
    const [status] = await journey.results(secretsStatus, 'secrets', 'status');

    expect(JSON.parse(stdout)).toMatchObject({ action: 'added', takenOff: ['a line feed', 'blank space'] });
    expect(status?.secrets[0]?.decoration).toBeUndefined();
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
