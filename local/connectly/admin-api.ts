import type { IncomingMessage, ServerResponse } from 'node:http';
import { adminIndex } from './admin-index.ts';
import { jsonAnswer } from './answers.ts';
import type { Control } from './control.ts';
import { streamEvents } from './event-stream.ts';
import type { Feed } from './feed.ts';
import { FieldError } from './fields.ts';
import { parseJson, readRequestBody } from './request-body.ts';

const maxBodyBytes = 1024 * 1024;
const prefix = '/_fake/';

export function isAdminPath(path: string): boolean {
  return path.startsWith(prefix);
}

interface Call {
  readonly method: string;
  /** What follows the prefix, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly json: unknown;
}

/** Serves the routes by which the fake is told what to do and asked what it saw. They are no part of the vendor's API. */
export async function serveAdminRequest(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { control, feed }: { control: Control; feed: Feed },
): Promise<void> {
  const method = request.method ?? '';
  const [path = '', query = ''] = (request.url ?? '').slice(prefix.length).split('?');
  if (method === 'GET' && path === 'events') {
    streamEvents(response, feed);
    return;
  }
  const bytes = await readRequestBody(request, maxBodyBytes);
  const parsed = bytes?.length === 0 ? { json: {} } : bytes && parseJson(bytes);
  if (parsed === undefined) {
    answer(response, 400, { field: 'body', message: 'body: must be JSON in UTF-8, at most 1 MiB' });
    return;
  }
  try {
    const result = dispatch(control, { method, path, query: new URLSearchParams(query), json: parsed.json });
    if (result === undefined)
      answer(response, 404, {
        message: `nothing at ${method} ${prefix}${path}; GET ${prefix} lists what there is`,
      });
    else answer(response, 200, result);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    answer(response, 400, { field: error.field, message: error.message });
  }
}

/** Undefined when there is no such route. */
function dispatch(control: Control, { method, path, query, json }: Call): object | undefined {
  switch (`${method} ${path}`) {
    case 'GET ':
      return adminIndex;
    case 'GET state':
      return control.state(readNewest(query));
    case 'POST inbound':
      return { webhook: control.inbound(json) };
    case 'POST windows':
      control.setWindow(json);
      return {};
    case 'GET faults':
      return { faults: control.faults() };
    case 'POST faults':
      return { id: control.addFault(json) };
    case 'DELETE faults':
      control.removeFaults();
      return {};
    case 'POST status':
      return { webhook: control.emitStatus(json) };
    case 'POST secrets':
      control.setSecrets(json);
      return {};
    case 'POST settings':
      return { settings: control.configure(json) };
    case 'POST reset':
      control.reset(json);
      return {};
  }
  const [, faultId] = /^faults\/([^/]+)$/.exec(path) ?? [];
  return method === 'DELETE' && faultId !== undefined && control.removeFaults(faultId) ? {} : undefined;
}

/** `?newest=20` shortens the lists of the state. */
function readNewest(query: URLSearchParams): number | undefined {
  const text = query.get('newest');
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new FieldError('newest', 'must be an integer of at least 0');
  return Number(text);
}

function answer(response: ServerResponse, status: number, json: object): void {
  const { headers, body } = jsonAnswer(status, json);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
