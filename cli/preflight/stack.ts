import { DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { unlessUnanswered } from '../checks/account-checks.ts';
import { type Check, type Finding, failed, ok } from '../checks/check.ts';
import { type DeployedPlace, isNoSuchStack } from '../target/deployed-stack.ts';
import { stackNameOf } from '../target/target.ts';

/** Whether the stack is in a state that a deployment can go on from. */
export function stackCheck({ aws, stage, region, options }: DeployedPlace): Check {
  const stackName = stackNameOf(stage);
  const ofStack = `--stack-name ${stackName} --region ${region}`;
  return {
    name: 'stack',
    remedy: `aws cloudformation describe-stack-events ${ofStack}`,
    run: (signal) =>
      unlessUnanswered(async () => {
        const status = await statusOf(signal);
        return status === undefined
          ? ok(`There is no ${stackName} in ${region} yet: the deployment makes it`)
          : findingOn(status);
      }),
  };

  async function statusOf(abortSignal: AbortSignal): Promise<string | undefined> {
    const command = new DescribeStacksCommand({ StackName: stackName });
    try {
      const { Stacks: [stack] = [] } = await (await aws.cloudFormation()).send(command, { abortSignal });
      return stack?.StackStatus;
    } catch (error) {
      if (isNoSuchStack(error)) return undefined;
      throw error;
    }
  }

  function findingOn(status: string): Finding {
    const text = `${stackName} is ${status}`;
    if (/^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) return ok(text);
    const remedy = remedyFor(status);
    return failed(
      `${text}: no deployment goes on from there.`,
      remedy === undefined ? undefined : { remedy },
    );
  }

  function remedyFor(status: string): string | undefined {
    switch (status) {
      case 'REVIEW_IN_PROGRESS':
        return `aws cloudformation delete-stack ${ofStack}`;
      case 'UPDATE_ROLLBACK_FAILED':
        return `aws cloudformation continue-update-rollback ${ofStack}`;
      case 'CREATE_FAILED':
      case 'ROLLBACK_COMPLETE':
      case 'ROLLBACK_FAILED':
      case 'DELETE_FAILED':
        return `npx serverless remove --stage ${stage} --region ${region}, then npx relay preflight ${options}`;
      default:
        return status.endsWith('_IN_PROGRESS')
          ? `Wait until it has ended: npx relay preflight ${options}`
          : undefined;
    }
  }
}

/** The ids of what the stack has; none where there is no stack. */
export async function idsInStack({ aws, stage }: DeployedPlace, abortSignal: AbortSignal): Promise<string[]> {
  const client = await aws.cloudFormation();
  const ids: string[] = [];
  let next: string | undefined;
  try {
    do {
      const command = new ListStackResourcesCommand({ StackName: stackNameOf(stage), NextToken: next });
      const page = await client.send(command, { abortSignal });
      for (const { ResourceStatus: status = '', PhysicalResourceId: id } of page.StackResourceSummaries ?? [])
        if (id !== undefined && !/^DELETE_(COMPLETE|SKIPPED)$/.test(status)) ids.push(id);
      next = page.NextToken;
    } while (next !== undefined);
    return ids;
  } catch (error) {
    if (isNoSuchStack(error)) return [];
    throw error;
  }
}
