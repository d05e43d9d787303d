import { describeEventSourceMappings } from './event-source-mappings.ts';
import { describeFunctions } from './functions.ts';
import { describeHttpApis } from './http-apis.ts';
import { describeQueues } from './queues.ts';
import { localTypes } from './resource-types.ts';
import { describeSecrets } from './secrets.ts';
import type { StackDescription, TableDescription } from './stack-description.ts';
import { NoLocalPartError, type StackOptions, StackResources } from './stack-resources.ts';
import { parseTemplate, type StackTemplate } from './stack-template.ts';

/**
 * Reads a packaged CloudFormation template as a description of the local stack. Throws `TemplateError`, which names
 * the logical id and the property, for everything that is not understood.
 */
export function describeStack(template: unknown, options: StackOptions): StackDescription {
  const parsed = parseTemplate(template);
  const resources = new StackResources(parsed, options);
  return {
    queues: describeQueues(resources),
    secrets: describeSecrets(resources),
    functions: describeFunctions(resources),
    eventSourceMappings: describeEventSourceMappings(resources),
    httpApis: describeHttpApis(resources),
    tables: describeTables(resources),
    outputs: describeOutputs(parsed, resources),
  };
}

function describeTables(resources: StackResources): TableDescription[] {
  return resources.ofType(localTypes.table).map(({ logicalId, resource }) => ({
    logicalId,
    name: resources.tableName(logicalId),
    arn: resources.tableArn(logicalId),
    properties: resources.properties(logicalId, { read: Object.keys(resource.Properties ?? {}) }).all(),
  }));
}

function describeOutputs(template: StackTemplate, resources: StackResources): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value: value, Condition: condition }] of Object.entries(template.Outputs ?? {})) {
    const at = `Outputs.${name}`;
    if (condition !== undefined && !resources.evaluator.condition(condition, at)) continue;
    try {
      outputs[name] = resources.withLocalEndpoints(resources.evaluator.text(value, at));
    } catch (error) {
      if (!(error instanceof NoLocalPartError)) throw error;
    }
  }
  return outputs;
}
