import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { asTyped, type RelayResult } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const elsewhere = 'https://example.com/other-stage';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, patienceMs);

afterAll(() => journey.end());

/** The checks that are not well, with their remedies. */
function troubles({ stdout }: RelayResult): Record<string, string> {
  const { checks } = doctor.result.parse(JSON.parse(stdout));
  return Object.fromEntries(
    checks
      .filter(({ verdict }) => verdict !== 'ok')
      .map(({ check, verdict, remedy }) => [check, `${verdict}: ${remedy}`]),
  );
}

describe('npx relay doctor', { timeout: 3 * patienceMs }, () => {
  it('finds nothing at a stack that has just been started', async () => {
    const result = await journey.relay('doctor', '--json');

    expect(troubles(result)).toEqual({});
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(doctor.result.parse(JSON.parse(result.stdout)).checks.length).toBeGreaterThan(11);
  });

  it('ends with 3 after two planted faults, and names both remedies and nothing else', async () => {
    await journey.relay('pause');
    await journey.relay('webhook', 'register', '--topic', 'messages', '--address', elsewhere, '--replace');

    const result = await journey.relay('doctor', '--json');
    const words = await journey.relay('doctor');

    expect(result.exitCode).toBe(3);
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: 'unhealthy' } });
    expect(troubles(result)).toEqual({
      sending: 'failed: npx relay resume --local',
      registrations: 'failed: npx relay webhook register --replace --local',
    });
    for (const said of ['npx relay resume --local', 'relay webhook register --replace --local', elsewhere])
      expect(words.stdout).toContain(said);
  });

  it('is content again after its own remedies', async () => {
    await journey.relay('resume', '--local');
    await journey.relay('webhook', 'register', '--replace', '--local');

    const result = await journey.relay('doctor', '--json');

    expect(troubles(result)).toEqual({});
    expect(result.exitCode).toBe(0);
  });

  it('says of a refused key what is wrong once, and never the key', async () => {
    await journey.relayWith({ stdin: 'canary-wrong-key' }, ...asTyped`secrets set api-key --no-check --yes`);

    const result = await journey.relay('doctor', '--no-test-event', '--json');

    expect(result.exitCode).toBe(3);
    expect(troubles(result)).toEqual({
      'key-accepted': 'failed: npx relay secrets set api-key --local',
      registrations: 'warning: npx relay secrets set api-key --local',
    });
    expect(result.stdout + result.stderr).not.toContain('canary');
  });

  it('says what is wrong even where no stack can be found', async () => {
    const noCredentials = { AWS_EC2_METADATA_DISABLED: 'true' };

    const result = await journey.relayWith({ env: noCredentials }, 'doctor', '--stage', 'dev', '--json');

    expect(result.exitCode).toBe(3);
    expect(troubles(result)).toMatchObject({ stack: expect.stringContaining('failed') });
  });
});
