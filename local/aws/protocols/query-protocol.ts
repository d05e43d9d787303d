import type { AwsAnswer, AwsCall, AwsRequest } from './call.ts';
import { AwsError, type QueryService } from './service.ts';

/**
 * AWS's Query protocol: a form with `Action` and `Version`, answered in XML. Undefined for a request that is no form,
 * or whose version is that of none of the services.
 */
export function queryCall(request: AwsRequest, services: readonly QueryService[]): AwsCall | undefined {
  if (request.method !== 'POST') return undefined;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
    return undefined;
  const form = new URLSearchParams(request.body.toString());
  const service = services.find(({ version }) => version === form.get('Version'));
  if (service === undefined) return undefined;
  const { operations, namespace } = service;
  const action = form.get('Action') ?? '';

  return {
    async run(signal) {
      const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
      if (operation === undefined)
        throw new AwsError(
          'InvalidAction',
          `Could not find operation ${action} for version ${service.version}`,
        );
      return operation(Object.fromEntries(form), { signal });
    },
    answer: (result, requestId) =>
      answered(
        200,
        requestId,
        element(`${action}Response`, namespace, {
          [`${action}Result`]: result,
          ResponseMetadata: { RequestId: requestId },
        }),
      ),
    refusal: ({ status, code, message }, requestId) =>
      answered(
        status,
        requestId,
        element('ErrorResponse', namespace, {
          Error: { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message },
          RequestId: requestId,
        }),
      ),
  };
}

const answered = (status: number, requestId: string, xml: string): AwsAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: xml,
});

const element = (name: string, namespace: string, members: object): string =>
  `<${name} xmlns="${namespace}">${xmlOf(members)}</${name}>`;

/** Structures as elements by name, lists as `member`s, times in ISO 8601; what is undefined is left out. */
function xmlOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return escaped(String(value));
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `<${name}>${xmlOf(member)}</${name}>`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
