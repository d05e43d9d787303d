import type { HttpClient, HttpRequest, HttpResult } from './http.ts';

export interface ApiCall {
  readonly method: HttpRequest['method'];
  readonly businessId: string;
  /** Below `/v1/businesses/{businessId}`; ids in it are already encoded. */
  readonly path: string;
  readonly apiKey: string;
  readonly body?: unknown;
}

/** Makes one call of Connectly's API, with the headers that its documentation shows and nothing more. */
export function callApi(http: HttpClient, baseUrl: URL, call: ApiCall): Promise<HttpResult> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return http.request({
    method: call.method,
    url: connectlyApiUrl(baseUrl, call),
    headers: {
      Accept: 'application/json',
      ...(body !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      }),
      'X-API-Key': call.apiKey,
    },
    ...(body !== undefined && { body }),
  });
}

/** The address of a call. */
export function connectlyApiUrl(
  baseUrl: URL,
  { businessId, path }: Pick<ApiCall, 'businessId' | 'path'>,
): URL {
  const prefix = baseUrl.pathname.replace(/\/$/, '');
  // Set as a path, not resolved as a reference: one that begins with two slashes would name another host.
  const url = new URL(baseUrl);
  url.pathname = `${prefix}/v1/businesses/${encodeURIComponent(businessId)}${path}`;
  return url;
}
