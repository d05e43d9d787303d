import type { PropertyReader } from './property-reader.ts';
import { localTypes } from './resource-types.ts';
import type { FunctionDescription } from './stack-description.ts';
import type { StackResources } from './stack-resources.ts';
import { TemplateError } from './template-error.ts';

/** What Lambda takes when the template says nothing. */
const defaults = { timeoutSeconds: 3, memoryMb: 128, architecture: 'x86_64', logFormat: 'Text' };

export function describeFunctions(resources: StackResources): FunctionDescription[] {
  return resources.ofType(localTypes.function).map(({ logicalId }) => {
    const properties = resources.properties(logicalId, {
      read: [
        'Architectures',
        'Environment',
        'FunctionName',
        'Handler',
        'LoggingConfig',
        'MemorySize',
        'PackageType',
        'ReservedConcurrentExecutions',
        'Runtime',
        'Timeout',
      ],
      passedOver: [
        'Code',
        'Description',
        'EphemeralStorage',
        'KmsKeyArn',
        'RecursiveLoop',
        'Role',
        'RuntimeManagementConfig',
        'Tags',
        'TracingConfig',
        'VpcConfig',
      ],
    });
    if ((properties.text('PackageType') ?? 'Zip') !== 'Zip')
      throw new TemplateError(`${logicalId}.PackageType`, 'only zip packages run locally');
    const logging = properties.object('LoggingConfig');
    return {
      logicalId,
      name: resources.functionName(logicalId),
      arn: resources.functionArn(logicalId),
      handler: properties.requiredText('Handler'),
      runtime: properties.requiredText('Runtime'),
      architecture: properties.texts('Architectures')[0] ?? defaults.architecture,
      timeoutSeconds: properties.integer('Timeout') ?? defaults.timeoutSeconds,
      memoryMb: properties.integer('MemorySize') ?? defaults.memoryMb,
      environment: environmentOf(resources, properties),
      reservedConcurrency: properties.integer('ReservedConcurrentExecutions'),
      logFormat: logging.text('LogFormat') ?? defaults.logFormat,
    };
  });
}

function environmentOf(resources: StackResources, properties: PropertyReader): Record<string, string> {
  const variables = properties.object('Environment').only('Variables').object('Variables');
  return Object.fromEntries(
    variables.names().map((name) => [name, resources.withLocalEndpoints(variables.requiredText(name))]),
  );
}
