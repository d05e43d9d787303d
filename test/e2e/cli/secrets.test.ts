import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretsSet } from '../../../cli/commands/secrets-set.ts';
import { secretsStatus } from '../../../cli/commands/secrets-status.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { patienceMs, type RelayResult } from '../../support/relay-command.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, patienceMs);

afterAll(() => journey.end());

function set(stdin: string, ...args: string[]): Promise<RelayResult> {
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
    await set('canary-key', 'api-key', '--business', 'canary-business', '--no-check');

    const [status] = await journey.results(secretsStatus, 'secrets', 'status');
    const words = await journey.relay('secrets', 'status');

    expect(status?.secrets[1]).toMatchObject({ secret: 'api-key', state: 'set', businesses: 2 });
    expect(words.stdout).toContain('keys for 2 businesses');
    expect(JSON.stringify(status) + words.stdout + words.stderr).not.toContain('canary');
  });

  it.each([
    ['an empty value', '', ['webhook-secret', '--yes'], 2],
    ['a list that is none', '[1]', ['webhook-secret', '--yes'], 3],
    ['a business for the webhook secret', 'x', ['webhook-secret', '--business', 'b'], 2],
    ['a secret that is none', 'x', ['password'], 2],
    ['a value on the command line', '', ['webhook-secret', 'canary'], 2],
  ])('refuses %s', async (_, stdin, args, expected) => {
    const { exitCode, stdout, stderr } = await set(stdin, ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).not.toContain('canary');
  });
});

describe('relay secrets rotate', { timeout: patienceMs }, () => {
  it.each([
    ['to finish what was not begun', ['webhook-secret', '--finish'], 3, 'no-rotation-under-way'],
    ['to finish an API key', ['api-key', '--finish'], 2, 'usage'],
    ['a waiting time that is none', ['webhook-secret', '--finish', '--unused-for', 'long'], 2, 'usage'],
  ])('refuses %s', async (_, args, expected, code) => {
    const { exitCode, stderr } = await journey.relay('secrets', 'rotate', ...args, '--json');

    expect(exitCode).toBe(expected);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});
