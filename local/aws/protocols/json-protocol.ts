import { type AwsCall, type AwsRequest, parseJsonObject } from './call.ts';
import { AwsError, type AwsOperation, type AwsService } from './service.ts';

/**
 * AWS's JSON protocols: POST with `x-amz-target: Service.Operation`. Takes every request: what names no operation is
 * refused when it runs.
 */
export function jsonCall(request: AwsRequest, services: readonly AwsService[]): AwsCall {
  const target = request.headers['x-amz-target'];
  const service = services.find((one) => typeof target === 'string' && target.startsWith(`${one.target}.`));
  const contentType = service?.contentType ?? 'application/x-amz-json-1.0';
  return {
    async run(signal) {
      const operation = operationOf(request, service);
      const input = parseJsonObject(request.body);
      if (input === undefined)
        throw new AwsError(
          'com.amazon.coral.service#SerializationException',
          'The body is not a JSON object.',
        );
      const traceHeader = request.headers['x-amzn-trace-id'];
      return operation(input, { signal, traceHeader: traceHeader?.toString() });
    },
    answer: (result, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: JSON.stringify(result),
    }),
    refusal({ status, code, message, queryCode }, requestId) {
      const fault = status >= 500 ? 'Receiver' : 'Sender';
      return {
        status,
        headers: {
          'content-type': contentType,
          'x-amzn-requestid': requestId,
          ...(queryCode !== undefined && { 'x-amzn-query-error': `${queryCode};${fault}` }),
        },
        body: JSON.stringify({ __type: code, message }),
      };
    },
  };
}

function operationOf(request: AwsRequest, service: AwsService | undefined): AwsOperation {
  const target = request.headers['x-amz-target'];
  if (request.method !== 'POST') {
    if (request.path === '/') throw new AwsError('MethodNotAllowed', 'Only POST.', { status: 405 });
    throw unknownOperation(`${request.method} ${request.path}`, 404);
  }
  if (typeof target !== 'string') throw withoutTarget(request);
  const name = target.slice(target.indexOf('.') + 1);
  const operations = service?.operations;
  const operation =
    operations !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw unknownOperation(target);
  return operation;
}

const unknownOperation = (what: string, status = 400) =>
  new AwsError(
    'com.amazon.coral.service#UnknownOperationException',
    `The operation ${what} is not known here.`,
    { status },
  );

/** Forms for a service that is not among those which speak Query: what older clients of SQS send. */
function withoutTarget(request: AwsRequest): AwsError {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
    return new AwsError(
      'UnsupportedProtocol',
      'This service speaks the JSON protocol only, and this client sent the older Query protocol. ' +
        'Use AWS CLI 1.29.82, 2.14.0 or newer, or an SDK from 2024 or later.',
    );
  return unknownOperation('(no x-amz-target header)');
}
