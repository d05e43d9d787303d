import { createHash } from 'node:crypto';
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
import { type Deployment, queueUrl, readFunctions, readMappings, readZip } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';
import type { Report } from './report.ts';

/** Every output has its value, but for those that rest on an HTTP API which is not there. */
export function inspectOutputs(
  report: Report,
  { outputs, httpApis }: ExpectedStack,
  stack: { readonly outputs: ReadonlyMap<string, string>; readonly physicalIds: ReadonlyMap<string, string> },
): void {
  const [api] = httpApis;
  const apiId = stack.physicalIds.get('HttpApi');
  for (const [name, value] of Object.entries(outputs)) {
    const restsOnApi = api !== undefined && value.includes(api.apiId);
    if (restsOnApi && apiId === undefined) continue;
    const expected = restsOnApi ? value.replaceAll(api.apiId, apiId ?? '') : value;
    report.equal(`the output ${name}`, stack.outputs.get(name), expected);
  }
}

/** Every function has the code, the settings and the variables of the template. */
export async function inspectFunctions(deployment: Deployment, { functions }: ExpectedStack): Promise<void> {
  const { report } = deployment;
  const deployed = await readFunctions(deployment);
  for (const { logicalId, name, handler, runtime, timeoutSeconds, memoryMb, environment } of functions) {
    const found = deployed.find(({ FunctionName }) => FunctionName === name);
    report.equal(
      `${logicalId} has its handler, runtime, timeout and memory`,
      [found?.Handler, found?.Runtime, found?.Timeout, found?.MemorySize],
      [handler, runtime, timeoutSeconds, memoryMb],
    );
    report.equal(
      `the zip of ${logicalId} in the deployment bucket is the function's code`,
      createHash('sha256')
        .update(await readZip(deployment, logicalId))
        .digest('base64'),
      found?.CodeSha256,
    );
    report.equal(`${logicalId} has the variables of the template`, found?.Environment.Variables, environment);
  }
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
      queueUrl(deployment, name),
      '--attribute-names',
      'All',
    ]);
    const { Attributes: actual } = queueAttributesSchema.parse(answer);
    const forgotten = deployment.lacks.has('redrive-allow-policies') ? 'RedriveAllowPolicy' : '';
    const kept = Object.entries(attributes).filter(([attribute]) => attribute !== forgotten);
    const expected = { QueueArn: arn, ...Object.fromEntries(kept) };
    deployment.report.equal(
      `${logicalId} has the attributes of the template`,
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
  const { aws, report, lacks } = deployment;
  for (const { logicalId, name, properties } of tables) {
    const ask = (operation: string) => aws(['dynamodb', operation, '--table-name', name]);
    const { Table: table } = tableSchema.parse(await ask('describe-table'));
    report.equal(`${logicalId} has its key`, table.KeySchema, properties['KeySchema']);
    report.equal(
      `${logicalId} is paid for by the request`,
      table.BillingModeSummary.BillingMode,
      properties['BillingMode'],
    );
    if (lacks.has('time-to-live')) continue;
    const timeToLive = timeToLiveSchema.parse(await ask('describe-time-to-live')).TimeToLiveDescription;
    const backups = backupsSchema.parse(await ask('describe-continuous-backups'));
    const { PointInTimeRecoveryStatus: recovery } =
      backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription;
    report.equal(
      `${logicalId} forgets entries in time, and can be put back`,
      [timeToLive.TimeToLiveStatus, recovery],
      ['ENABLED', 'ENABLED'],
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
