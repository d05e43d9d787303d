import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { Random } from '../harness/random.ts';
import { makeBody } from './bodies.ts';
import type { HostileRequest } from './request.ts';

/** A valid request, still in parts, for a mutation to spoil. */
export interface Draft {
  readonly random: Random;
  readonly secrets: readonly string[];
  readonly bytes: Buffer;
  readonly signature: string;
}

export const signatureName = 'x-connectly-hmac-sha256';

/** Lists of live secrets, one of which a request is received with. */
export const secretLists: readonly (readonly string[])[] = [
  ['s3cr3t'],
  ['5f0c2f2e1a9b4f0f9a3b6d1c7e8f9a0b'],
  ['old secret', 'new secret'],
  ['ключ-🔑', 'x'],
  [Buffer.alloc(32, 7).toString('base64')],
  // Longer than SHA-256's block, so that HMAC hashes it first.
  ['k'.repeat(100), 'second', 'third'],
];

export function makeDraft(random: Random, secrets: readonly string[]): Draft {
  const bytes = makeBody(random);
  return { random, secrets, bytes, signature: signWith(random.pick(secrets), bytes) };
}

export function signWith(secret: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/** The valid request of a draft, or a spoiled one where `parts` replace what is valid. */
export function assemble(
  { random, bytes, signature }: Draft,
  parts: { readonly bytes?: Buffer; readonly headers?: object; readonly signature?: unknown } = {},
): HostileRequest {
  const headers = parts.headers ?? {
    ...random.pick(otherHeaders),
    [signatureName]: 'signature' in parts ? parts.signature : signature,
  };
  return { ...random.pick(eventFields), headers, ...carry(parts.bytes ?? bytes, random) };
}

/** The two ways in which API Gateway puts a body into an event; text is possible for UTF-8 alone. */
export function carry(
  bytes: Buffer,
  random: Random,
): { readonly body?: string | null; readonly isBase64Encoded?: boolean } {
  if (bytes.length === 0 && random.chance(0.5)) return random.pick(emptyBodies);
  return isUtf8(bytes) && random.chance(0.7)
    ? { body: bytes.toString(), isBase64Encoded: false }
    : { body: bytes.toString('base64'), isBase64Encoded: true };
}

const emptyBodies = [
  { isBase64Encoded: false },
  { body: null, isBase64Encoded: false },
  { body: '', isBase64Encoded: true },
  { body: null },
  {},
] as const;

const otherHeaders: readonly Readonly<Record<string, string>>[] = [
  {
    'content-type': 'text/plain; charset=utf-8',
    'user-agent': 'go-resty/2.6.0 (https://github.com/go-resty/resty)',
    host: 'abc123.execute-api.us-east-1.amazonaws.com',
    'x-forwarded-for': '203.0.113.7',
  },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  { 'Content-Type': 'application/octet-stream', 'X-Connectly-Topic': 'messages' },
  {},
];

const eventFields: readonly Readonly<Record<string, unknown>>[] = [
  {
    version: '2.0',
    routeKey: 'POST /webhooks',
    rawPath: '/webhooks',
    rawQueryString: '',
    requestContext: { http: { method: 'POST', path: '/webhooks' }, stage: '$default' },
  },
  { version: '1.0', resource: '/webhooks', path: '/webhooks', httpMethod: 'POST', multiValueHeaders: {} },
  { requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing' } }, httpMethod: 'POST' },
  {},
];
