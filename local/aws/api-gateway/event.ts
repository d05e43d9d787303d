import { isUtf8 } from 'node:buffer';

/** An HTTP API event in payload format 2.0, with the fields that a Lambda integration without an authoriser gets. */
export interface HttpApiEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    /** In the common log format: `22/Nov/2026:10:00:00 +0000`. */
    readonly time: string;
    /** Epoch milliseconds. */
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly port: number;
  readonly body: Buffer;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export interface ApiIdentity {
  readonly apiId: string;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
}

/** They concern one connection, not the request that travels over it. `cookie` has a field of its own. */
const notPassedOn = new Set([
  'connection',
  'cookie',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const textMediaTypes = new Set(['application/json', 'application/xml', 'application/javascript']);

/** Makes the event for a request that matched a route. */
export function createEvent(
  request: ReceivedRequest,
  route: { readonly routeKey: string; readonly pathParameters: Readonly<Record<string, string>> },
  api: ApiIdentity,
): HttpApiEvent {
  const { headers, cookies } = collectHeaders(request);
  const query = collectQuery(request.rawQueryString);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: request.rawPath,
    rawQueryString: request.rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    ...(Object.keys(route.pathParameters).length > 0 ? { pathParameters: route.pathParameters } : {}),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      domainName: `${api.apiId}.execute-api.${api.region}.amazonaws.com`,
      domainPrefix: api.apiId,
      http: {
        method: request.method,
        path: request.rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage: api.stage,
      time: commonLogTime(request.receivedAt),
      timeEpoch: request.receivedAt,
    },
    ...encodeBody(request.body, headers['content-type']),
  };
}

/**
 * The body as the event carries it: as text for the media types that API Gateway takes for text, whatever their
 * parameters, in base64 for all others and for none. What it does with a text type over bytes that are not UTF-8 is
 * not documented: base64 here, our own choice, because anything else would lose bytes.
 */
export function encodeBody(
  body: Buffer,
  contentType: string | undefined,
): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const mediaType = (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
  const isText = mediaType.startsWith('text/') || textMediaTypes.has(mediaType);
  return isText && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function collectHeaders(request: ReceivedRequest): { headers: Record<string, string>; cookies: string[] } {
  const values = new Map<string, string[]>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]?.toLowerCase() ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const cookies = (values.get('cookie') ?? [])
    .flatMap((header) => header.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
  const passedOn = [...values].filter(([name]) => !notPassedOn.has(name));
  const forwardedFor = [...(values.get('x-forwarded-for') ?? []), request.sourceIp];
  return {
    cookies,
    // fromEntries defines even a header named __proto__ as a plain property.
    headers: Object.fromEntries([
      ...passedOn.map(([name, all]) => [name, all.join(',')]),
      // A chunked request has arrived whole by now: its length is known, as behind API Gateway.
      ['content-length', String(request.body.length)],
      ['x-forwarded-for', forwardedFor.join(', ')],
      ['x-forwarded-port', String(request.port)],
      ['x-forwarded-proto', 'http'],
    ]),
  };
}

function collectQuery(rawQueryString: string): Record<string, string> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function commonLogTime(epochMs: number): string {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${monthNames[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
