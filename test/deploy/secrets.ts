import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretSchema, secretValueSchema } from './answers.ts';
import type { Deployment } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';

/** What Connectly and the deployed secrets agree on, and where the secrets are. */
export interface Credentials {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** By the secret's name. */
  readonly arns: ReadonlyMap<string, string>;
}

/** Makes the secrets that moto left out, empty as the template has them, and fills them as the README says. */
export async function fillSecrets(
  { aws, report, folder }: Deployment,
  { secrets }: ExpectedStack,
): Promise<Credentials> {
  report.step("The secrets' values");
  const values = {
    WebhookSecret: randomBytes(32).toString('hex'),
    ApiKeySecret: randomBytes(32).toString('hex'),
  };
  const arns = new Map<string, string>();
  for (const { logicalId, name, value } of secrets) {
    report.equal(`${logicalId} is empty in the template`, value, undefined);
    const created = await aws(['secretsmanager', 'create-secret', '--name', name]);
    arns.set(name, String(Object(created).ARN));
    report.substituted(`${name} is made by hand, empty as the template has it`);
    const secretValue = logicalId === 'WebhookSecret' ? values.WebhookSecret : values.ApiKeySecret;
    const file = join(folder, `${logicalId}.txt`);
    await writeFile(file, secretValue, { mode: 0o600 });
    await aws([
      'secretsmanager',
      'put-secret-value',
      '--secret-id',
      name,
      '--secret-string',
      `file://${file}`,
    ]);
    const stored = await aws(['secretsmanager', 'get-secret-value', '--secret-id', name]);
    report.holds(`${name} is filled`, secretValueSchema.parse(stored).SecretString === secretValue);
  }
  return { apiKey: values.ApiKeySecret, webhookSecret: values.WebhookSecret, arns };
}

/** The ARN of a secret and when it was made. */
export async function readSecret({ aws }: Deployment, name: string) {
  return secretSchema.parse(await aws(['secretsmanager', 'describe-secret', '--secret-id', name]));
}
