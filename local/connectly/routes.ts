/** The vendor's endpoints by their own paths, without the prefix and the ids. */
export const endpoints = [
  'send/messages',
  'send/whatsapp_templated_messages',
  'create/webhooks',
  'update/webhooks',
  'webhooks',
  'delete/webhooks',
] as const;
export type Endpoint = (typeof endpoints)[number];

/** Which endpoint a request is for. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly businessId: string;
  /** Of the endpoints that end in one; '' elsewhere. */
  readonly webhookId: string;
}

const prefix = /^\/v1\/businesses\/([^/]+)\/(.+)$/;
const rests: ReadonlyArray<{ method: string; rest: RegExp; endpoint: Endpoint }> = [
  { method: 'POST', rest: /^send\/messages$/, endpoint: 'send/messages' },
  {
    method: 'POST',
    rest: /^send\/whatsapp_templated_messages$/,
    endpoint: 'send/whatsapp_templated_messages',
  },
  { method: 'POST', rest: /^create\/webhooks$/, endpoint: 'create/webhooks' },
  { method: 'PUT', rest: /^update\/webhooks\/([^/]+)$/, endpoint: 'update/webhooks' },
  { method: 'GET', rest: /^webhooks$/, endpoint: 'webhooks' },
  { method: 'DELETE', rest: /^delete\/webhooks\/([^/]+)$/, endpoint: 'delete/webhooks' },
];

/** Finds the endpoint of a request; undefined when there is none, or an id in the path is not decodable. */
export function findRoute(method: string, path: string): Route | undefined {
  const [pathname = ''] = path.split('?');
  const match = prefix.exec(pathname);
  if (match === null) return undefined;
  const [, businessId = '', rest = ''] = match;
  for (const candidate of rests) {
    const tail = method === candidate.method ? candidate.rest.exec(rest) : null;
    if (tail === null) continue;
    try {
      return {
        endpoint: candidate.endpoint,
        businessId: decodeURIComponent(businessId),
        webhookId: decodeURIComponent(tail[1] ?? ''),
      };
    } catch {
      return undefined;
    }
  }
  return undefined;
}
