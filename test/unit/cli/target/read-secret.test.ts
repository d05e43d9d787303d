import { expect, it, onTestFinished } from 'vitest';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget } from '../../../../cli/target/target.ts';
import { createSecretsManager } from '../../../../local/aws/secrets-manager/secrets-manager.ts';
import { systemClock } from '../../../../local/clock.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';

it.each([
  ['WebhookSecretArn', 'webhook-secrets'],
  ['ApiKeySecretArn', 'api-key'],
] as const)('A target whose %s has no value says what fills it', async (output, name) => {
  const secrets = createSecretsManager({
    clock: systemClock,
    region: 'eu-west-1',
    accountId: '000000000000',
  });
  const { arn } = secrets.createSecret({ name: 'secret' });
  const { endpoint, region, credentials } = await serveForTest({ services: [secrets.service] });
  const target = createTarget({
    kind: 'deployed',
    name: 'stage test',
    options: '--stage test --region eu-west-1',
    stage: 'test',
    region,
    outputs: { [output]: arn },
    aws: createAwsClients({ region, endpoint, credentials }),
  });
  onTestFinished(() => target.close());

  const reading = target.readSecret(name);

  await expect(reading).rejects.toMatchObject({
    code: 'secret-not-set',
    message: expect.stringMatching(`relay secrets set ${name} --stage test --region eu-west-1$`),
  });
});
