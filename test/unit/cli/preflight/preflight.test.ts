import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../../../cli/checks/check.ts';
import { findings, packageCheck } from '../../../../cli/preflight/preflight.ts';
import type { DeployedPlace } from '../../../../cli/target/deployed-stack.ts';
import { AwsError } from '../../../../local/aws/protocols/service.ts';
import { accountUnderCheck } from './account-under-check.ts';

const { signal } = new AbortController();

/** A project whose serverless.yml nobody can package: it has no packages. */
let projectRoot: string;

beforeAll(async () => {
  projectRoot = await mkdtemp(join(tmpdir(), 'relay-preflight-'));
  await writeFile(join(projectRoot, 'serverless.yml'), 'params: {}\n');
  return () => rm(projectRoot, { recursive: true });
});

async function verdicts(place: DeployedPlace): Promise<string[]> {
  const results = await findings(place, { env: {}, projectRoot, signal });
  return results.map(({ check, verdict }) => `${check} ${verdict}`);
}

describe('preflight', () => {
  it('asks nothing else of AWS where AWS does not say who asks', async () => {
    const { place, simulated } = await accountUnderCheck({
      operations: {
        async GetCallerIdentity() {
          throw new AwsError('ExpiredToken', 'The security token included in the request is expired.');
        },
      },
    });

    const found = await verdicts(place);

    expect(found).toEqual(['node ok', 'identity failed', 'region warning', 'package failed']);
    expect(simulated).toEqual([]);
  });

  it('looks for no names where the template that has them cannot be packaged, and goes on', async () => {
    const { place } = await accountUnderCheck();

    const found = await verdicts(place);

    expect(found).toEqual([
      'node ok',
      'identity ok',
      'region warning',
      'package failed',
      'stack ok',
      'concurrency ok',
      'permissions ok',
    ]);
  });

  it.each([
    ['unset', { verdict: 'warning', finding: expect.stringContaining('The stage dev sends to everybody') }],
    ['named', { verdict: 'ok', finding: 'The template has 0 resources' }],
  ])('tells of a stage that would send to everybody: OnlyTo is %s', async (onlyTo, expected) => {
    const { place } = await accountUnderCheck();
    const template = async () => ({ Resources: {}, Outputs: { OnlyTo: { Value: onlyTo } } });

    const [found] = await runChecks([packageCheck(place, template)], { deadlineMs: 60_000, signal });

    expect(found).toMatchObject(expected);
  });
});
