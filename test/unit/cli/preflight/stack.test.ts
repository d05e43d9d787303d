import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../../cli/checks/check.ts';
import { idsInStack, stackCheck } from '../../../../cli/preflight/stack.ts';
import { accountUnderCheck } from './account-under-check.ts';

const { signal } = new AbortController();

const summary = (id: string, status: string) => ({
  LogicalResourceId: id,
  PhysicalResourceId: id,
  ResourceType: 'AWS::SQS::Queue',
  ResourceStatus: status,
  LastUpdatedTimestamp: new Date(0),
});

async function found(stackStatus: string | undefined) {
  const { place } = await accountUnderCheck({ stackStatus });
  const [result] = await runChecks([stackCheck(place)], { deadlineMs: 60_000, signal });
  return result;
}

describe('The state of the stack', () => {
  it.each([undefined, 'CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'lets a deployment begin at %s',
    async (status) => {
      expect(await found(status)).toMatchObject({ verdict: 'ok' });
    },
  );

  const here = '--stack-name connectly-relay-dev --region eu-west-1';
  it.each([
    ['REVIEW_IN_PROGRESS', `aws cloudformation delete-stack ${here}`],
    ['UPDATE_ROLLBACK_FAILED', `aws cloudformation continue-update-rollback ${here}`],
    ['CREATE_FAILED', 'npx serverless remove --stage dev --region eu-west-1, then'],
    ['ROLLBACK_COMPLETE', 'npx serverless remove --stage dev --region eu-west-1, then'],
    ['ROLLBACK_FAILED', 'npx serverless remove --stage dev --region eu-west-1, then'],
    ['DELETE_FAILED', 'npx serverless remove --stage dev --region eu-west-1, then'],
    ['UPDATE_IN_PROGRESS', 'Wait until it has ended: npx relay preflight --stage dev --region eu-west-1'],
    ['UPDATE_FAILED', `aws cloudformation describe-stack-events ${here}`],
  ])('stops one at %s, with what to do', async (status, remedy) => {
    expect(await found(status)).toMatchObject({
      verdict: 'failed',
      finding: `connectly-relay-dev is ${status}: no deployment goes on from there.`,
      remedy: expect.stringContaining(remedy),
    });
  });
});

describe('What the stack has', () => {
  it('is read page by page, without what is deleted', async () => {
    const pages: Record<string, unknown>[] = [];
    const { place } = await accountUnderCheck({
      operations: {
        async ListStackResources(form) {
          pages.push(form);
          return form['NextToken'] === undefined
            ? {
                StackResourceSummaries: [summary('a', 'CREATE_COMPLETE'), summary('b', 'DELETE_COMPLETE')],
                NextToken: 'more',
              }
            : { StackResourceSummaries: [summary('c', 'DELETE_FAILED'), summary('d', 'DELETE_SKIPPED')] };
        },
      },
    });

    const ids = await idsInStack(place, signal);

    expect(ids).toEqual(['a', 'c']);
    expect(pages).toHaveLength(2);
  });
});
