import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod';
import { queueListSchema } from './answers.ts';
import { throwawayCredentials } from './aws-cli.ts';
import { runCommand } from './commands.ts';
import { type Deployment, queueUrl, readStack } from './deployment.ts';
import { readSecret } from './secrets.ts';

const retainedSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
  ),
});

export interface BringBackOptions {
  /** The folder of the AWS CLI. */
  readonly awsCommands: string;
  readonly signal: AbortSignal;
}

/** Deploys prod, removes it, and brings it back by the commands of docs/deploy.md, as they are written there. */
export async function bringProdBack(deployment: Deployment, options: BringBackOptions): Promise<void> {
  const { aws, report, serverless, region } = deployment;
  const place = ['--stage', 'prod', '--region', region];
  report.step('A prod stack that is removed, and brought back by the commands of docs/deploy.md');
  await serverless('deploy', ...place);
  const { physicalIds } = await readStack(deployment);
  const events = queueUrl(deployment, 'connectly-relay-prod-events');
  await aws(['sqs', 'send-message', '--queue-url', events, '--message-body', 'still here']);
  const item = { pk: { S: 'still here' } };
  const table = ['--table-name', 'connectly-relay-prod-ledger'];
  await aws(['dynamodb', 'put-item', ...table, '--item', JSON.stringify(item)]);

  await serverless('remove', ...place);
  const left = queueListSchema.parse(await aws(['sqs', 'list-queues']));
  report.equal('removing prod leaves its queues', left?.QueueUrls.length, 5);
  report.equal('... its ledger', Object(await aws(['dynamodb', 'list-tables'])).TableNames, [
    'connectly-relay-prod-ledger',
  ]);
  const secrets = Object(await aws(['secretsmanager', 'list-secrets'])).SecretList;
  report.equal('... and its secrets', secrets.length, 2);

  const [take = '', bringBack = ''] = await documentedCommands(deployment.projectRoot);
  await typeAll(deployment, options, take);
  const imported = await sayWhichIsWhich(deployment);
  await typeAll(deployment, options, bringBack);
  const back = await readStack(deployment);
  report.equal('the documented commands import it and deploy it again', back.status, 'UPDATE_COMPLETE');
  report.equal(
    '... with the queues and the ledger that were there',
    imported.map((id) => back.physicalIds.get(id)),
    imported.map((id) => physicalIds.get(id)),
  );
  const received = await aws(['sqs', 'receive-message', '--queue-url', events]);
  report.equal('... the message that waited', Object(received).Messages?.[0]?.Body, 'still here');
  const scanned = await aws(['dynamodb', 'scan', ...table]);
  report.equal('... and the entry of the ledger', Object(scanned).Items, [item]);
}

/** The two blocks of commands in docs/deploy.md: what takes the data out of the template, and what brings it back. */
async function documentedCommands(projectRoot: string): Promise<string[]> {
  const docs = await readFile(join(projectRoot, 'docs/deploy.md'), 'utf8');
  const blocks = [...docs.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  return ['> retained.json', 'stack-import-complete'].map((words) => {
    const found = blocks.find((block) => block.includes(words));
    if (found === undefined) throw new Error(`docs/deploy.md has no commands with ${words}.`);
    return found;
  });
}

/** What says which resource of that type is meant, as docs/deploy.md has it. */
const identifiers: Readonly<
  Record<string, (deployment: Deployment, name: string) => Promise<object> | object>
> = {
  'AWS::SQS::Queue': (deployment, name) => ({ QueueUrl: queueUrl(deployment, name) }),
  'AWS::DynamoDB::Table': (_, name) => ({ TableName: name }),
  'AWS::SecretsManager::Secret': async (deployment, name) => ({
    Id: (await readSecret(deployment, name)).ARN,
  }),
};

/** Writes `import.json`, takes out of `retained.json` what the emulator cannot import, and resolves to the rest. */
async function sayWhichIsWhich(deployment: Deployment): Promise<readonly string[]> {
  const { report, relayRoot, lacks } = deployment;
  const file = join(relayRoot, 'retained.json');
  const { Resources: retained } = retainedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  report.equal('the documented commands find all eight that hold data', Object.keys(retained).length, 8);
  const importable = Object.entries(retained).filter(
    ([, { Type: type }]) => type !== 'AWS::SecretsManager::Secret' || !lacks.has('imported-secrets'),
  );
  await writeFile(file, JSON.stringify({ Resources: Object.fromEntries(importable) }));
  const resources = importable.map(async ([id, { Type: type, Properties: properties }]) => {
    const name = String(properties['QueueName'] ?? properties['TableName'] ?? properties['Name']);
    const identifier = await identifiers[type]?.(deployment, name);
    return { ResourceType: type, LogicalResourceId: id, ResourceIdentifier: identifier };
  });
  await writeFile(join(relayRoot, 'import.json'), JSON.stringify(await Promise.all(resources)));
  return importable.map(([id]) => id);
}

/** Types commands as a person would, where `aws` and `npx serverless` reach the emulator alone. */
async function typeAll(
  { endpoint, region, relayRoot, folder }: Deployment,
  { awsCommands, signal }: BringBackOptions,
  commands: string,
): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const aws = `exec ${join(awsCommands, 'aws')} "$@" --endpoint-url ${endpoint} --region ${region}`;
  await writeFile(join(bin, 'aws'), `#!/bin/sh\n${aws}\n`, { mode: 0o755 });
  await runCommand({
    file: 'bash',
    arguments: ['-euc', commands],
    cwd: relayRoot,
    environment: {
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: relayRoot,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      ...throwawayCredentials,
      SLS_NOTIFICATIONS_MODE: 'off',
      SLS_TELEMETRY_DISABLED: '1',
    },
    signal,
  });
}
