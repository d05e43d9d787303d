import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject } from '../../../lib/message/json.ts';

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The body is sent whole, over whatever connection there is, so these are ours to set. */
const setByTheServer = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads a function's payload by the rules of format 2.0: an object with `statusCode` says everything itself; anything
 * else that is valid JSON is the body of a 200 in `application/json`, a string without its quotes. Undefined when it
 * is neither, which API Gateway answers with 500.
 */
export function interpretPayload(payload: string): HttpResponse | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !('statusCode' in value)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(typeof value === 'string' ? value : payload),
    };
  }
  const status = readStatus(value['statusCode']);
  const headers = readHeaders(value['headers']);
  const cookies = readCookies(value['cookies']);
  const body = readBody(value['body'], value['isBase64Encoded']);
  if (status === undefined || headers === undefined || cookies === undefined || body === undefined) {
    return undefined;
  }
  return { status, headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers }, cookies, body };
}

/** One of API Gateway's own answers. */
export function gatewayResponse(status: number, message: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

function readStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : undefined;
}

function readHeaders(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string' && typeof content !== 'number' && typeof content !== 'boolean') {
      return undefined;
    }
    const lowerCase = name.toLowerCase();
    if (!isLegalHeader(lowerCase, String(content))) return undefined;
    if (!setByTheServer.has(lowerCase)) headers[lowerCase] = String(content);
  }
  return headers;
}

function readCookies(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const cookies: string[] = [];
  for (const cookie of value) {
    if (typeof cookie !== 'string' || !isLegalHeader('set-cookie', cookie)) return undefined;
    cookies.push(cookie);
  }
  return cookies;
}

function readBody(value: unknown, isBase64Encoded: unknown): Buffer | undefined {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') return undefined;
  return Buffer.from(value, isBase64Encoded === true ? 'base64' : 'utf8');
}

function isLegalHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
