import { describeStack } from '../../../../local/template/describe-stack.ts';
import type { StackDescription } from '../../../../local/template/stack-description.ts';

/** Describes a template with ids that show where they come from. */
export function described(template: unknown): StackDescription {
  return describeStack(template, {
    region: 'eu-west-1',
    accountId: '000000000000',
    stackName: 'shop',
    resolveRef: {
      queueUrl: (name) => `http://127.0.0.1:1/000000000000/${name}`,
      secretArn: (name) => `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-AbCdEf`,
      apiEndpoint: (apiId) => `http://127.0.0.1:2/${apiId}`,
    },
  });
}

/** The value that an expression evaluates to, seen through an output. */
export function evaluated(expression: unknown, rest: object = {}): string | undefined {
  return described({ Resources: {}, ...rest, Outputs: { Value: { Value: expression } } }).outputs['Value'];
}
