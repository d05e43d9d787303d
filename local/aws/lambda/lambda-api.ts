import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { EventSourceMappingDescription, FunctionDescription } from '../../template/stack-description.ts';
import { AwsError, type RestRoute, type RestService } from '../protocols/service.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import { pageOfMappings } from './mapping-pages.ts';
import { MappingState } from './mapping-state.ts';

export interface LambdaApi {
  readonly service: RestService;
  addFunction(description: FunctionDescription): void;
  /** `mapping` is what the description describes. Throws unless its function has been added. */
  addMapping(description: EventSourceMappingDescription, mapping: EventSourceMapping): void;
}

export interface LambdaApiOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

interface KnownMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly description: EventSourceMappingDescription;
  readonly state: MappingState;
}

const routes: readonly RestRoute[] = [
  { method: 'GET', path: '/2015-03-31/event-source-mappings', operation: 'ListEventSourceMappings' },
  { method: 'GET', path: '/2015-03-31/event-source-mappings/{UUID}', operation: 'GetEventSourceMapping' },
  {
    method: 'PUT',
    path: '/2015-03-31/event-source-mappings/{UUID}',
    operation: 'UpdateEventSourceMapping',
    status: 202,
  },
  {
    method: 'GET',
    path: '/2015-03-31/functions/{FunctionName}/configuration',
    operation: 'GetFunctionConfiguration',
  },
];

/**
 * The part of Lambda's API that watches functions and switches their mappings on and off. Everything else about them
 * is the template's.
 */
export function createLambdaApi({ clock, region, accountId }: LambdaApiOptions): LambdaApi {
  const startedAt = new Date(clock.now());
  const functions = new Map<string, FunctionDescription>();
  const mappings: KnownMapping[] = [];

  const arnOf = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;

  function functionOf(given: unknown): FunctionDescription {
    const name = typeof given === 'string' ? functionName(given) : '';
    const found = functions.get(name);
    if (found === undefined) throw notFound(`Function not found: ${arnOf(name)}`);
    return found;
  }

  function mappingOf(uuid: unknown): KnownMapping {
    const found = mappings.find((mapping) => mapping.uuid === uuid);
    if (found === undefined) throw notFound('The resource you requested does not exist.');
    return found;
  }

  return {
    service: {
      routes,
      errorBody,
      operations: {
        async ListEventSourceMappings(input) {
          const { FunctionName: name, EventSourceArn: sourceArn } = input;
          const functionArn = name === undefined ? undefined : functionOf(name).arn;
          const found = mappings.filter(
            (mapping) =>
              (functionArn === undefined || mapping.functionArn === functionArn) &&
              (sourceArn === undefined || mapping.description.queueArn === sourceArn),
          );
          const { page, nextMarker } = pageOfMappings(found, input);
          return {
            EventSourceMappings: page.map(configurationOf),
            ...(nextMarker !== undefined && { NextMarker: nextMarker }),
          };
        },
        GetEventSourceMapping: async ({ UUID: uuid }) => configurationOf(mappingOf(uuid)),
        async UpdateEventSourceMapping({ UUID: uuid, Enabled: enabled, FunctionName: name, ...others }) {
          const mapping = mappingOf(uuid);
          if (name !== undefined && functionOf(name).arn !== mapping.functionArn)
            throw invalidParameter('Here a mapping keeps the function that the template gave it.');
          const [other] = Object.keys(others);
          if (other !== undefined)
            throw invalidParameter(`Here ${other} cannot be updated: change the template.`);
          if (enabled !== undefined && typeof enabled !== 'boolean')
            throw new AwsError('InvalidRequestContentException', 'Enabled has to be a Boolean.');
          if (enabled !== undefined && !mapping.state.change(enabled))
            throw new AwsError(
              'ResourceInUseException',
              'Cannot update the event source mapping because it is in use.',
            );
          return configurationOf(mapping);
        },
        GetFunctionConfiguration: async ({ FunctionName: name }) =>
          describeFunction(functionOf(name), startedAt),
      },
    },
    addFunction: (description) => void functions.set(description.name, description),
    addMapping(description, mapping) {
      const mapped = [...functions.values()].find(
        ({ logicalId }) => logicalId === description.functionLogicalId,
      );
      if (mapped === undefined) throw new Error(`${description.logicalId} has no function.`);
      const state = new MappingState(mapping, clock);
      mappings.push({ uuid: randomUUID(), functionArn: mapped.arn, description, state });
    },
  };

  function configurationOf({ uuid, functionArn, description, state }: KnownMapping): object {
    const { batchSize, maximumBatchingWindowSeconds, maximumConcurrency, queueArn } = description;
    return {
      UUID: uuid,
      EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
      EventSourceArn: queueArn,
      FunctionArn: functionArn,
      BatchSize: batchSize,
      MaximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
      ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
      FunctionResponseTypes: description.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
      State: state.name,
      StateTransitionReason: 'USER_INITIATED',
      LastModified: state.modifiedAt / 1_000,
    };
  }
}

/** Lambda takes a function's name, its ARN, or the end of its ARN; here there is one version only. */
function functionName(given: string): string {
  const [, name = given] =
    /^(?:arn:aws:lambda:[\w-]+:)?(?:\d{12}:)?function:([\w-]+)(?::\$LATEST)?$/.exec(given) ?? [];
  return name;
}

function describeFunction(description: FunctionDescription, modifiedAt: Date): object {
  return {
    FunctionName: description.name,
    FunctionArn: description.arn,
    Version: '$LATEST',
    Runtime: description.runtime,
    Architectures: [description.architecture],
    PackageType: 'Zip',
    Handler: description.handler,
    Timeout: description.timeoutSeconds,
    MemorySize: description.memoryMb,
    // Lambda's own form of ISO 8601.
    LastModified: modifiedAt.toISOString().replace('Z', '+0000'),
    Environment: { Variables: description.environment },
    LoggingConfig: { LogFormat: description.logFormat, LogGroup: `/aws/lambda/${description.name}` },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, { status: 404 });

const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);

/** In Lambda's model, only some of the errors write their message with a capital. */
function errorBody({ code, message, status }: AwsError): object {
  const Type = status >= 500 ? 'Service' : 'User';
  return code === 'InvalidParameterValueException' ? { Type, message } : { Type, Message: message };
}
