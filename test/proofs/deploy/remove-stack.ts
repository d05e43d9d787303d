import { queueListSchema, tableListSchema } from './answers.ts';
import { type Deployment, readDeployedTemplate, readFunctions } from './deployment.ts';

/** Removes the stack of a stage that keeps nothing, and looks for what is left. */
export async function removeStack(deployment: Deployment, stage: string): Promise<void> {
  const { aws, report, serverless, region } = deployment;
  const policies = deletionPolicies(await readDeployedTemplate(deployment));
  report.equal(
    `in the stage ${stage} everything with data in it goes with the stack`,
    [...new Set(policies.values())],
    ['Delete'],
  );
  await serverless('remove', '--stage', stage, '--region', region);
  report.equal('no stack is left', await listStacks(deployment), []);
  const queues = queueListSchema.parse(await aws(['sqs', 'list-queues']));
  report.equal('no queue is left', queues?.QueueUrls ?? [], []);
  const tables = tableListSchema.parse(await aws(['dynamodb', 'list-tables']));
  report.equal('no table is left', tables.TableNames, []);
  report.equal('no function is left', await readFunctions(deployment), []);
  const buckets = Object(await aws(['s3api', 'list-buckets'])).Buckets;
  report.equal('no bucket is left', buckets, []);
  const roles = Object(await aws(['iam', 'list-roles'])).Roles;
  report.equal('no role is left', roles, []);
  const secrets = Object(await aws(['secretsmanager', 'list-secrets'])).SecretList;
  report.equal('no secret is left', secrets, []);
}

async function listStacks({ aws }: Deployment): Promise<unknown> {
  return Object(await aws(['cloudformation', 'describe-stacks'])).Stacks;
}

/** The deletion policy of every resource with data in it. */
function deletionPolicies(template: { readonly Resources: unknown }): ReadonlyMap<string, unknown> {
  const withData = new Set(['AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::DynamoDB::Table']);
  return new Map(
    Object.entries(Object(template.Resources)).flatMap(([logicalId, resource]) => {
      const { Type: type, DeletionPolicy: policy } = Object(resource);
      return withData.has(String(type)) ? [[logicalId, policy] as const] : [];
    }),
  );
}
