import { onTestFinished } from 'vitest';
import { type DeployedPlace, deployedPlace } from '../../../../cli/target/deployed-stack.ts';
import { startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import { AwsError, type AwsOperation } from '../../../../local/aws/protocols/service.ts';

/** What an account is like, as far as `relay preflight` asks about it by query and REST. */
export interface AccountFacts {
  readonly arn: string;
  /** Undefined where there is no stack. */
  readonly stackStatus: string | undefined;
  readonly concurrency: number;
  /** Decides on each action that is simulated. */
  readonly allows: (action: string) => boolean;
  /** Another answer to an operation. */
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

export interface AccountUnderCheck {
  readonly place: DeployedPlace;
  /** The members of each form that IAM was asked with. */
  readonly simulated: readonly Readonly<Record<string, unknown>>[];
}

const healthy: AccountFacts = {
  arn: 'arn:aws:iam::123456789012:user/relay',
  stackStatus: undefined,
  concurrency: 1000,
  allows: () => true,
  operations: {},
};

/** The scripted account of one test: nothing is in it, and everything is allowed, but for what is said to be different. */
export async function accountUnderCheck(different: Partial<AccountFacts> = {}): Promise<AccountUnderCheck> {
  const facts = { ...healthy, ...different };
  const simulated: Record<string, unknown>[] = [];
  const endpoint = await startAwsEndpoint({
    services: [],
    queryServices: [
      {
        version: '2011-06-15',
        namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
        operations: {
          GetCallerIdentity: async () => ({ Account: '123456789012', Arn: facts.arn }),
          ...facts.operations,
        },
      },
      {
        version: '2010-05-15',
        namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
        operations: {
          async DescribeStacks({ StackName: name }) {
            if (facts.stackStatus === undefined)
              throw new AwsError('ValidationError', `Stack with id ${String(name)} does not exist`);
            return {
              Stacks: [{ StackName: name, StackStatus: facts.stackStatus, CreationTime: new Date(0) }],
            };
          },
          ...facts.operations,
        },
      },
      {
        version: '2010-05-08',
        namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
        operations: {
          async SimulatePrincipalPolicy(form) {
            simulated.push(form);
            const actions = Object.entries(form).filter(([name]) => name.startsWith('ActionNames.'));
            return {
              EvaluationResults: actions.map(([, action]) => ({
                EvalActionName: action,
                EvalDecision: facts.allows(String(action)) ? 'allowed' : 'implicitDeny',
              })),
              IsTruncated: false,
            };
          },
          ...facts.operations,
        },
      },
    ],
    restServices: [
      {
        routes: [{ method: 'GET', path: '/2016-08-19/account-settings', operation: 'GetAccountSettings' }],
        operations: {
          GetAccountSettings: async () => ({ AccountLimit: { ConcurrentExecutions: facts.concurrency } }),
          ...facts.operations,
        },
        errorBody: ({ message }) => ({ Message: message }),
      },
    ],
  });
  const place = await deployedPlace(
    { stage: 'dev', region: 'eu-west-1', profile: undefined },
    { AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  );
  onTestFinished(async () => {
    place.aws.close();
    await endpoint.close();
  });
  return { place, simulated };
}
