import { isDeepStrictEqual } from 'node:util';
import { list, problemsUnless, type Rule, resourcesOf } from './template.ts';

const withData = ['AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::DynamoDB::Table'];

/** The names that people, other stacks and the command line rely on: to change one is to replace, and to lose. */
const names: Readonly<Record<string, string>> = {
  EventsQueue: 'connectly-relay-prod-events',
  EventsDlq: 'connectly-relay-prod-events-dlq',
  SendsQueue: 'connectly-relay-prod-sends',
  SendsDlq: 'connectly-relay-prod-sends-dlq',
  OutcomesQueue: 'connectly-relay-prod-outcomes',
  LedgerTable: 'connectly-relay-prod-ledger',
  WebhookSecret: 'connectly-relay/prod/webhook-secrets',
  ApiKeySecret: 'connectly-relay/prod/api-key',
};

/** What CloudFormation does with the data, queues, secrets and tables, when the stack goes. A replacement never deletes any. */
export function dataIs(deletionPolicy: 'RetainExceptOnCreate' | 'Delete'): Rule {
  return (template) =>
    withData.flatMap((type) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .filter(
          ([, { DeletionPolicy: onDelete, UpdateReplacePolicy: onReplace }]) =>
            onDelete !== deletionPolicy || onReplace !== 'Retain',
        )
        .map(([id, { DeletionPolicy: policy }]) => `${id}: ${policy ?? 'no policy'}`),
    );
}

/** Queues, secrets and the ledger have the names that they have always had. */
export const namesAreFixed: Rule = (template) => {
  const found = new Map(
    withData.flatMap((type) =>
      resourcesOf(template, type).map(({ id, properties }) => {
        const name = properties['QueueName'] ?? properties['TableName'] ?? properties['Name'];
        return [id, name] as const;
      }),
    ),
  );
  return [...new Set([...found.keys(), ...Object.keys(names)])]
    .filter((id) => found.get(id) !== names[id])
    .map((id) => `${id}: is called ${String(found.get(id))}, not ${String(names[id])}`);
};

/** The ledger is kept as long as it is needed, and can be brought back: its loss is messages sent twice. */
export const theLedgerIsKept: Rule = (template) =>
  resourcesOf(template, 'AWS::DynamoDB::Table').flatMap(({ id, properties }) => {
    const wanted = {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    };
    return Object.entries(wanted)
      .filter(([name, value]) => !isDeepStrictEqual(properties[name], value))
      .map(([name]) => `${id}: ${name} is ${JSON.stringify(properties[name])}`);
  });

/** `wanted`: the outputs that there must be, each with an SSM parameter of the same value. */
export function outputsInclude(wanted: readonly string[]): Rule {
  return (template) =>
    wanted.flatMap((name) => {
      const output = template.Outputs[name];
      const parameter = template.Resources[`${name}Parameter`]?.Properties;
      return problemsUnless(
        [output !== undefined, `${name} is missing`],
        [
          isDeepStrictEqual(parameter?.['Value'], output?.Value),
          `the parameter of ${name} says something else`,
        ],
      );
    });
}

/** What is uploaded to deploy is nobody else's, and comes and goes over TLS only. */
export const theBucketIsPrivate: Rule = (template) =>
  resourcesOf(template, 'AWS::S3::Bucket').flatMap(({ id, properties }) =>
    problemsUnless(
      [
        isDeepStrictEqual(properties['PublicAccessBlockConfiguration'], {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        }),
        `${id}: may be made public`,
      ],
      [list(properties['BucketEncryption']).length === 1, `${id}: is not encrypted`],
    ),
  );
