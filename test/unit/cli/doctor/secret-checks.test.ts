import { afterEach, describe, expect, it } from 'vitest';
import { runChecks } from '../../../../cli/checks/check.ts';
import { secretChecks } from '../../../../cli/doctor/secret-checks.ts';
import {
  businessId,
  type StageFacts,
  type StageUnderCheck,
  startStageUnderCheck,
} from './stage-under-check.ts';

const { signal } = new AbortController();
const good: StageFacts['secrets'] = { 'webhook-secrets': 'a-webhook-secret', 'api-key': 'an-api-key' };

let stage: StageUnderCheck | undefined;

afterEach(() => stage?.close());

async function troublesOf(secrets: Partial<StageFacts['secrets']>) {
  stage = await startStageUnderCheck({ secrets: { ...good, ...secrets } });
  const results = await runChecks(secretChecks(stage.target, businessId), { deadlineMs: 10_000, signal });
  return results.filter(({ verdict }) => verdict !== 'ok');
}

describe('The checks of the secrets', () => {
  it.each([
    ['bare values', {}],
    ['a list of webhook secrets', { 'webhook-secrets': '\n["one", "two"]\n' }],
    ['keys by business', { 'api-key': `{"${businessId}":"a","b":"c"}` }],
  ])('find nothing around %s', async (_, secrets) => {
    expect(await troublesOf(secrets)).toEqual([]);
  });

  it.each([
    ['webhook-secrets', ' leaked', 'failed', 'blank space around a value'],
    ['webhook-secrets', 'leaked\t', 'failed', 'blank space around a value'],
    ['webhook-secrets', 'leaked\n', 'warning', 'a line feed around the value'],
    ['webhook-secrets', 'leaked\r\n', 'warning', 'a line feed around the value'],
    ['webhook-secrets', '\nleaked', 'failed', 'a line feed around a value'],
    ['webhook-secrets', 'leaked\n\n', 'failed', 'a line feed around a value'],
    ['webhook-secrets', '\u{feff}leaked', 'failed', 'a byte order mark around a value'],
    ['webhook-secrets', "'leaked'", 'failed', 'a pair of quotes around a value'],
    ['webhook-secrets', '\u{201c}leaked\u{201d}', 'failed', 'a pair of quotes around a value'],
    ['webhook-secrets', '"leaked"', 'failed', 'store it bare, or as a JSON list'],
    ['webhook-secrets', '{"secret":"leaked"}', 'failed', 'store it bare, or as a JSON list'],
    ['webhook-secrets', '["fine", " leaked"]', 'failed', 'blank space around a value'],
    ['webhook-secrets', '\u{a0}leaked', 'failed', 'blank space around a value'],
    ['webhook-secrets', 'leaked\u{200b}', 'failed', 'a character that nobody sees around a value'],
    ['webhook-secrets', 'SECRET=leaked', 'failed', 'a name before a value'],
    ['webhook-secrets', 'Bearer leaked', 'failed', '"Bearer" before a value'],
    ['webhook-secrets', '["fine", "KEY=leaked"]', 'warning', 'a name before a value of the list'],
    ['webhook-secrets', 'lea\0ked', 'failed', 'a control character in a value'],
    ['api-key', ' leaked', 'warning', 'blank space around the value'],
    ['api-key', 'leaked\n', 'warning', 'a line feed around the value'],
    ['api-key', '\u{feff}leaked', 'warning', 'a byte order mark around the value'],
    ['api-key', 'API_KEY=leaked', 'failed', 'a name before a value'],
    ['api-key', 'Bearer leaked', 'failed', 'characters that no key has'],
    ['api-key', "'leaked'", 'failed', 'a pair of quotes around a value'],
    ['api-key', '"leaked"', 'failed', 'store it bare, or as a JSON object'],
    ['api-key', `{"${businessId}":"\`leaked\`"}`, 'failed', 'a pair of quotes around a value'],
  ] as const)('find what is around the %s %j, and do not show it', async (name, value, verdict, words) => {
    const troubles = await troublesOf({ [name]: value });

    expect(troubles).toEqual([
      {
        check: name,
        verdict,
        finding: expect.stringContaining(words),
        remedy: `npx relay secrets set ${name} --stage test`,
      },
    ]);
    expect(JSON.stringify(troubles)).not.toContain('leaked');
  });

  it.each(['webhook-secrets', 'api-key'] as const)('find %s that was stored as bytes', async (name) => {
    const troubles = await troublesOf({ [name]: Buffer.from('leaked') });

    expect(troubles).toMatchObject([
      { check: name, verdict: 'failed', finding: expect.stringMatching(/^Stored as SecretBinary/) },
    ]);
  });
});
