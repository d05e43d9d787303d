import type { PropertyReader } from './property-reader.ts';
import { localTypes } from './resource-types.ts';
import type { HttpApiDescription, HttpApiRoute } from './stack-description.ts';
import type { StackResources } from './stack-resources.ts';
import { TemplateError } from './template-error.ts';

/** API Gateway's own limit for an HTTP API's integration, and its default. */
const defaultTimeoutMs = 30_000;

export function describeHttpApis(resources: StackResources): HttpApiDescription[] {
  const routes = resources
    .ofType(localTypes.route)
    .map(({ logicalId }) => describeRoute(resources, logicalId));
  return resources.ofType(localTypes.api).map(({ logicalId }) => {
    const properties = resources.properties(logicalId, {
      read: ['ProtocolType', 'DisableExecuteApiEndpoint'],
      passedOver: ['Description', 'Name', 'Tags'],
    });
    if (properties.requiredText('ProtocolType') !== 'HTTP')
      throw new TemplateError(`${logicalId}.ProtocolType`, 'only HTTP APIs run locally');
    if (properties.flag('DisableExecuteApiEndpoint') ?? false)
      throw new TemplateError(`${logicalId}.DisableExecuteApiEndpoint`, 'the local front is that endpoint');
    const apiId = resources.apiId(logicalId);
    return { apiId, routes: routes.filter((entry) => entry.apiId === apiId).map(({ route }) => route) };
  });
}

function describeRoute(resources: StackResources, logicalId: string): { apiId: string; route: HttpApiRoute } {
  const properties = resources.properties(logicalId, {
    read: ['ApiId', 'AuthorizationType', 'RouteKey', 'Target'],
    passedOver: ['OperationName'],
  });
  const authorization = properties.text('AuthorizationType') ?? 'NONE';
  if (authorization !== 'NONE')
    throw new TemplateError(`${logicalId}.AuthorizationType`, `${authorization} is not understood locally`);
  const target = properties.requiredText('Target');
  const integration = resources
    .ofType(localTypes.integration)
    .find((candidate) => target === `integrations/${candidate.logicalId}`);
  if (!integration)
    throw new TemplateError(`${logicalId}.Target`, `${target} is not an integration of this template`);
  return {
    apiId: properties.requiredText('ApiId'),
    route: {
      routeKey: properties.requiredText('RouteKey'),
      ...describeIntegration(resources, integration.logicalId),
    },
  };
}

function describeIntegration(resources: StackResources, logicalId: string): Omit<HttpApiRoute, 'routeKey'> {
  const properties = resources.properties(logicalId, {
    read: ['IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    passedOver: ['ApiId', 'ConnectionType', 'Description', 'IntegrationMethod'],
  });
  if (properties.requiredText('IntegrationType') !== 'AWS_PROXY')
    throw new TemplateError(`${logicalId}.IntegrationType`, 'only AWS_PROXY (a function) runs locally');
  const version = properties.requiredText('PayloadFormatVersion');
  if (version !== '2.0')
    throw new TemplateError(
      `${logicalId}.PayloadFormatVersion`,
      `is ${version}, and the local front speaks 2.0 only: set provider.httpApi.payload to '2.0'`,
    );
  return {
    functionLogicalId: functionOf(resources, properties),
    timeoutMs: properties.integer('TimeoutInMillis') ?? defaultTimeoutMs,
  };
}

/** API Gateway takes a function's ARN, or its invocation path with the ARN inside. */
function functionOf(resources: StackResources, properties: PropertyReader): string {
  const uri = properties.requiredText('IntegrationUri');
  const arn = /:lambda:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
  const found = resources
    .ofType(localTypes.function)
    .find(({ logicalId }) => resources.functionArn(logicalId) === arn);
  if (!found)
    throw new TemplateError(`${properties.at}.IntegrationUri`, `${uri} is not a function of this template`);
  return found.logicalId;
}
