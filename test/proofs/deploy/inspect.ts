import {
  backupsSchema,
  parametersSchema,
  policyNamesSchema,
  queueAttributesSchema,
  rolePolicySchema,
  roleSchema,
  tableSchema,
  timeToLiveSchema,
} from './answers.ts';
import { type Deployment, readFunctions, readMappings } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';
import type { Report } from './report.ts';

/** What moto's queues do not keep. */
const leftOut = 'RedriveAllowPolicy';

/** Every output has its value, but for those that rest on what moto did not create. */
export function inspectOutputs(
  report: Report,
  { outputs, httpApis }: ExpectedStack,
  actual: ReadonlyMap<string, string>,
): void {
  const restOnNothing = Object.entries(outputs).filter(([, value]) =>
    httpApis.some(({ apiId }) => value.includes(apiId)),
  );
  for (const [name, value] of Object.entries(outputs))
    if (!restOnNothing.some(([one]) => one === name))
      report.equal(`the output ${name}`, actual.get(name), value);
  report.substituted(
    `the outputs ${restOnNothing.map(([name]) => name).join(', ')} rest on what moto did not create; the template's own rules hold them`,
  );
}

/** Whatever cannot read outputs finds each of them as an SSM parameter. */
export async function inspectParameters(
  { aws, report }: Deployment,
  { types }: ExpectedStack,
  stack: { readonly outputs: ReadonlyMap<string, string>; readonly physicalIds: ReadonlyMap<string, string> },
): Promise<void> {
  const ids = [...types].filter(([, type]) => type === 'AWS::SSM::Parameter').map(([id]) => id);
  const path = (stack.physicalIds.get(ids[0] ?? '') ?? '').replace(/\/[^/]*$/, '');
  const answer = await aws(['ssm', 'get-parameters-by-path', '--path', path]);
  const values = new Map(
    parametersSchema.parse(answer).Parameters.map(({ Name: name, Value: value }) => [name, value]),
  );
  report.equal(
    `the ${ids.length} parameters below ${path} say what the outputs say`,
    ids.map((id) => values.get(stack.physicalIds.get(id) ?? '')),
    ids.map((id) => stack.outputs.get(id.replace(/Parameter$/, ''))),
  );
}

/** Every queue has the attributes that the template gives it. */
export async function inspectQueues(deployment: Deployment, { queues }: ExpectedStack): Promise<void> {
  for (const { logicalId, name, arn, attributes } of queues) {
    const answer = await deployment.aws([
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      `${deployment.endpoint}/${deployment.accountId}/${name}`,
      '--attribute-names',
      'All',
    ]);
    const { Attributes: actual } = queueAttributesSchema.parse(answer);
    const { [leftOut]: allowed, ...kept } = attributes;
    const told = Object.keys(kept);
    const expected = { QueueArn: arn, ...kept };
    if (allowed !== undefined && actual[leftOut] === undefined)
      deployment.report.substituted(
        `moto keeps no ${leftOut} of ${logicalId}; the template's own rules for queues hold it`,
      );
    deployment.report.equal(
      `${logicalId} has its ${told.join(', ')}`,
      comparable(actual, Object.keys(expected)),
      comparable(expected, Object.keys(expected)),
    );
  }
}

/** Policies are JSON within the JSON: what matters is what they say, not how they are written. */
function comparable(attributes: Readonly<Record<string, string>>, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => {
      const value = attributes[name];
      if (value === undefined || !name.endsWith('Policy')) return [name, value];
      const policy: Record<string, unknown> = Object(JSON.parse(value));
      return [
        name,
        'maxReceiveCount' in policy
          ? { ...policy, maxReceiveCount: Number(policy['maxReceiveCount']) }
          : policy,
      ];
    }),
  );
}

/** The ledger keeps its key, its time to live and its backups. */
export async function inspectTables(deployment: Deployment, { tables }: ExpectedStack): Promise<void> {
  const { aws, report } = deployment;
  for (const { logicalId, name, properties } of tables) {
    const ask = (operation: string) => aws(['dynamodb', operation, '--table-name', name]);
    const { Table: table } = tableSchema.parse(await ask('describe-table'));
    const timeToLive = timeToLiveSchema.parse(await ask('describe-time-to-live')).TimeToLiveDescription;
    const backups = backupsSchema.parse(await ask('describe-continuous-backups'));
    report.equal(`${logicalId} has its key`, table.KeySchema, properties['KeySchema']);
    report.equal(
      `${logicalId} is paid for by the request`,
      table.BillingModeSummary.BillingMode,
      properties['BillingMode'],
    );
    const { PointInTimeRecoveryStatus: recovery } =
      backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription;
    report.substituted(
      `moto leaves time to live (${timeToLive.TimeToLiveStatus}) and point-in-time recovery (${recovery}) of ${logicalId} as they are; the template's own rules hold both`,
    );
  }
}

/** Every mapping has the settings that the template gives it. */
export async function inspectMappings(deployment: Deployment, expected: ExpectedStack): Promise<void> {
  const actual = await readMappings(deployment);
  for (const mapping of expected.eventSourceMappings) {
    const found = actual.find(({ EventSourceArn: arn }) => arn === mapping.queueArn);
    const lambda = expected.functions.find(({ logicalId }) => logicalId === mapping.functionLogicalId);
    deployment.report.equal(
      `${mapping.queueLogicalId} feeds ${mapping.functionLogicalId} with its batch size, window, concurrency and partial responses`,
      found && {
        functionArn: found.FunctionArn,
        batchSize: found.BatchSize,
        windowSeconds: found.MaximumBatchingWindowInSeconds,
        concurrency: found.ScalingConfig?.MaximumConcurrency,
        responses: found.FunctionResponseTypes,
        state: found.State,
      },
      {
        functionArn: lambda?.arn,
        batchSize: mapping.batchSize,
        windowSeconds: mapping.maximumBatchingWindowSeconds,
        concurrency: mapping.maximumConcurrency,
        responses: mapping.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
        state: mapping.enabled ? 'Enabled' : 'Disabled',
      },
    );
  }
}

/** Every role is trusted by Lambda alone and allows what the template says, and every function has its own. */
export async function inspectRoles(
  deployment: Deployment,
  { roles, functions }: ExpectedStack,
  physicalIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { aws, report } = deployment;
  for (const { logicalId, trust, policies } of roles) {
    const name = physicalIds.get(logicalId) ?? '';
    const role = roleSchema.parse(await aws(['iam', 'get-role', '--role-name', name]));
    report.equal(`${logicalId} is trusted as the template says`, role.Role.AssumeRolePolicyDocument, trust);
    const listed = await aws(['iam', 'list-role-policies', '--role-name', name]);
    const names = policyNamesSchema.parse(listed).PolicyNames;
    report.equal(`${logicalId} has its inline policies and no others`, names, [...policies.keys()]);
    for (const policy of names) {
      const answer = await aws(['iam', 'get-role-policy', '--role-name', name, '--policy-name', policy]);
      const { PolicyDocument: document } = rolePolicySchema.parse(answer);
      report.equal(`${logicalId} allows exactly what the template says`, document, policies.get(policy));
    }
  }
  const held = (await readFunctions(deployment)).map(({ FunctionName: name, Role: role }) => [name, role]);
  report.equal(
    'each function has a role of its own',
    new Set(held.map(([, role]) => role)).size,
    functions.length,
  );
}
