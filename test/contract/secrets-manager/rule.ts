import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../support/client-settings.ts';
import type { Rule as AnyRule } from '../run-rules.ts';

/** One of Secrets Manager's rules. Its source is a page of AWS's documentation. */
export type Rule = AnyRule<RuleContext>;

export interface RuleContext {
  close(): void;
  readonly client: SecretsManagerClient;
  /** A call without the SDK's checks and additions, for what the SDK never sends. */
  raw(operation: string, input: object): Promise<{ status: number; body: Record<string, unknown> }>;
}

export function ruleContext(endpoint: string): RuleContext {
  const client = new SecretsManagerClient(clientSettings(endpoint, 'us-east-1'));
  return {
    client,
    close: () => client.destroy(),
    async raw(operation, input) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `secretsmanager.${operation}`,
          authorization:
            'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
        },
        body: JSON.stringify(input),
      });
      const body: unknown = await response.json();
      assert.ok(typeof body === 'object' && body !== null, 'the answer is a JSON object');
      return { status: response.status, body: Object.fromEntries(Object.entries(body)) };
    },
  };
}

/** What the page of the API reference says that describes an operation. Each check stands under the name of its rule. */
export function rulesOf(
  operation: string,
  checks: Readonly<Record<string, (context: RuleContext) => Promise<void>>>,
): Rule[] {
  const source = `https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_${operation}.html`;
  return Object.entries(checks).map(([name, run]) => ({ name, source, run }));
}

export const freshName = () => `rules/${randomUUID()}`;

/** Creates a secret of the rule's own; without a value unless one is given. */
export async function create(
  { client }: RuleContext,
  value?: string,
): Promise<{ name: string; arn: string; versionId: string }> {
  const name = freshName();
  const created = await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
  return { name, arn: created.ARN ?? '', versionId: created.VersionId ?? '' };
}

export function read({ client }: RuleContext, id: string, stage?: string) {
  return client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: stage }));
}

/** Which labels sit on which version, each list sorted. */
export async function labels({ client }: RuleContext, id: string): Promise<Record<string, string[]>> {
  const { VersionIdsToStages: stages = {} } = await client.send(new DescribeSecretCommand({ SecretId: id }));
  return Object.fromEntries(Object.entries(stages).map(([version, list]) => [version, list.toSorted()]));
}

/** The call has to be refused with this error, and a message that fits. */
export async function refused(call: Promise<unknown>, name: string, message?: RegExp): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, name);
    if (message) assert.match(error.message, message);
    return true;
  });
}
