import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretSchema, secretValueSchema } from './answers.ts';
import type { Deployment } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';

/** What Connectly and the deployed secrets agree on. */
export interface Credentials {
  readonly apiKey: string;
  readonly webhookSecret: string;
}

/** Fills the secrets, which are deployed empty, as the README says. */
export async function fillSecrets(deployment: Deployment, { secrets }: ExpectedStack): Promise<Credentials> {
  const { aws, report, lacks } = deployment;
  report.step("The secrets' values");
  const values = {
    WebhookSecret: randomBytes(32).toString('hex'),
    ApiKeySecret: randomBytes(32).toString('hex'),
  };
  for (const { logicalId, name } of secrets) {
    if (!lacks.has('secrets-without-value')) {
      const versions = await aws(['secretsmanager', 'list-secret-version-ids', '--secret-id', name]);
      report.equal(`${name} is deployed empty`, Object(versions).Versions, []);
    }
    const secretValue = logicalId === 'WebhookSecret' ? values.WebhookSecret : values.ApiKeySecret;
    await putSecret(deployment, name, secretValue);
    const stored = await aws(['secretsmanager', 'get-secret-value', '--secret-id', name]);
    report.holds(`${name} is filled`, secretValueSchema.parse(stored).SecretString === secretValue);
  }
  return { apiKey: values.ApiKeySecret, webhookSecret: values.WebhookSecret };
}

/** Sets a secret, by its name or its ARN. Every user of the machine can read arguments, so the value goes through a file. */
export async function putSecret({ aws, folder }: Deployment, id: string, value: string): Promise<void> {
  const file = join(folder, 'secret.txt');
  await writeFile(file, value, { mode: 0o600 });
  const from = ['--secret-string', `file://${file}`];
  await aws(['secretsmanager', 'put-secret-value', '--secret-id', id, ...from]);
}

/** The key that the stage has by now. */
export async function readApiKey({ aws }: Deployment, { secrets }: ExpectedStack): Promise<string> {
  const name = secrets.find(({ logicalId }) => logicalId === 'ApiKeySecret')?.name ?? '';
  const stored = await aws(['secretsmanager', 'get-secret-value', '--secret-id', name]);
  return secretValueSchema.parse(stored).SecretString;
}

/** The ARN of a secret and when it was made. */
export async function readSecret({ aws }: Deployment, name: string) {
  return secretSchema.parse(await aws(['secretsmanager', 'describe-secret', '--secret-id', name]));
}
