import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cloudFormationRole } from '../../../../cli/preflight/settings.ts';

it('The role of CloudFormation is that of the stage, else that of all stages, else none', async () => {
  const project = await mkdtemp(join(tmpdir(), 'relay-preflight-'));
  onTestFinished(() => rm(project, { recursive: true }));
  const ours = await readFile('serverless.yml', 'utf8');
  await writeFile(
    join(project, 'serverless.yml'),
    ours
      .replace("cloudFormationRoleArn: ''", 'cloudFormationRoleArn: arn:of-all')
      .replace('  prod:\n', '  prod:\n    cloudFormationRoleArn: arn:of-prod\n'),
  );

  const roles = [
    await cloudFormationRole('.', 'prod'),
    await cloudFormationRole(project, 'dev'),
    await cloudFormationRole(project, 'unheard-of'),
    await cloudFormationRole(project, 'prod'),
  ];

  expect(roles).toEqual([undefined, 'arn:of-all', 'arn:of-all', 'arn:of-prod']);
});
