import { type AwsCall, type AwsRequest, parseJsonObject } from './call.ts';
import { AwsError, type RestRoute, type RestService } from './service.ts';

/**
 * AWS's REST protocol with JSON bodies: the method and the path name the operation; its input is the body's members,
 * the query's and the path's in one object. Undefined for a request that no service has a route for.
 */
export function restCall(request: AwsRequest, services: readonly RestService[]): AwsCall | undefined {
  for (const service of services) {
    for (const route of service.routes) {
      const parameters = matchRoute(route, request);
      const operation = service.operations[route.operation];
      if (parameters === undefined || operation === undefined) continue;
      return {
        async run(signal) {
          const members = parseJsonObject(request.body);
          if (members === undefined)
            throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
          return operation({ ...members, ...Object.fromEntries(request.query), ...parameters }, { signal });
        },
        answer: (result, requestId) => ({
          status: route.status ?? 200,
          headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
          body: JSON.stringify(result),
        }),
        refusal: (error, requestId) => ({
          status: error.status,
          headers: {
            'content-type': 'application/json',
            'x-amzn-requestid': requestId,
            'x-amzn-errortype': error.code,
          },
          body: JSON.stringify(service.errorBody(error)),
        }),
      };
    }
  }
  return undefined;
}

/** The path's parameters by name; undefined when it is another path. A slash at the end makes no difference. */
function matchRoute(route: RestRoute, { method, path }: AwsRequest): Record<string, string> | undefined {
  if (route.method !== method) return undefined;
  const expected = route.path.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? '';
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (name === undefined && segment !== value) return undefined;
    if (name !== undefined) parameters[name] = decoded(value);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
