import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/protocols/endpoint.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager/secrets-manager.ts';
import { systemClock } from '../../../local/clock.ts';
import { ruleContext } from './rule.ts';
import { rules } from './rules.ts';

let endpoint: AwsEndpoint;

beforeAll(async () => {
  const { service } = createSecretsManager({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
  });
  endpoint = await startAwsEndpoint({ services: [service] });
});

afterAll(() => endpoint.close());

describe('Our Secrets Manager keeps to what AWS documents', () => {
  test.each(rules)('$name', async (rule) => {
    const context = ruleContext(endpoint.url);

    const run = rule.run(context).finally(() => context.close());

    await expect(run).resolves.toBeUndefined();
  });

  test('every rule has a name of its own and names a page of the documentation', () => {
    const names = new Set(rules.map((rule) => rule.name));

    const sources = rules.map((rule) => rule.source);

    expect(names.size).toBe(rules.length);
    expect(sources.every((source) => source.startsWith('https://docs.aws.amazon.com/'))).toBe(true);
  });
});
