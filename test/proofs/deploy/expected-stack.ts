import { describeStack } from '../../../local/template/describe-stack.ts';
import type { StackDescription } from '../../../local/template/stack-description.ts';
import { StackResources } from '../../../local/template/stack-resources.ts';
import { parseTemplate } from '../../../local/template/stack-template.ts';

/** What the template says that there should be, with AWS's own names for everything. */
export interface ExpectedStack extends StackDescription {
  readonly roles: readonly ExpectedRole[];
  /** Every resource by its logical id. */
  readonly types: ReadonlyMap<string, string>;
}

export interface ExpectedRole {
  readonly logicalId: string;
  readonly trust: unknown;
  /** The inline policies by name. */
  readonly policies: ReadonlyMap<string, unknown>;
}

/** Reads the template by other rules than those that deployed it. `physicalIds`: for what nobody can know before, URLs of queues and ARNs of secrets. */
export function expectedStack(
  template: unknown,
  place: {
    readonly region: string;
    readonly accountId: string;
    readonly stackName: string;
    readonly physicalIds: ReadonlyMap<string, string>;
  },
): ExpectedStack {
  const { region, accountId, stackName, physicalIds } = place;
  const ids = [...physicalIds.values()];
  const options = {
    region,
    accountId,
    stackName,
    resolveRef: {
      queueUrl: (name: string) => ids.find((id) => id.endsWith(`/${accountId}/${name}`)) ?? '',
      secretArn: (name: string) => ids.find((id) => id.includes(`:secret:${name}-`) || id === name) ?? '',
      apiEndpoint: (id: string) => `https://${id}.execute-api.${region}.amazonaws.com`,
    },
  };
  const parsed = parseTemplate(template);
  const resources = new StackResources(parsed, options);
  return {
    ...describeStack(template, options),
    types: new Map(resources.existing().map(({ logicalId, resource }) => [logicalId, resource.Type])),
    roles: resources.ofType('AWS::IAM::Role').map(({ logicalId, resource }) => {
      const properties: Record<string, unknown> = Object(
        resources.evaluator.value(resource.Properties, logicalId),
      );
      const policies: unknown = properties['Policies'];
      return {
        logicalId,
        trust: properties['AssumeRolePolicyDocument'],
        policies: new Map(
          (Array.isArray(policies) ? policies : []).map((policy: unknown): [string, unknown] => {
            const { PolicyName: name, PolicyDocument: document } = Object(policy);
            return [String(name), document];
          }),
        ),
      };
    }),
  };
}
