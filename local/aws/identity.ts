import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AwsService } from './protocols/service.ts';

/** As an operation of AWS, so that what stands before the endpoint passes it on. */
const target = 'ConnectlyRelayStack';
const operation = 'Identify';

/** A stack on a busy machine takes its time, in milliseconds. */
const patienceMs = 10_000;

/** Tells whoever asks the token that a stack has chosen at its start: another program at its address knows none. */
export function identity(token: string): AwsService {
  return {
    target,
    contentType: 'application/x-amz-json-1.0',
    operations: { [operation]: async () => ({ token }) },
  };
}

/** Whether the stack with that token answers at an endpoint. Nothing but the question goes there. */
export async function isIdentifiedBy(token: string, endpoint: string): Promise<boolean> {
  try {
    return JSON.stringify(JSON.parse(await ask(endpoint))) === JSON.stringify({ token });
  } catch {
    return false;
  }
}

/** Without an agent or a proxy: the endpoint is on this machine. */
function ask(endpoint: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${target}.${operation}`,
    };
    const asking = request(endpoint, {
      method: 'POST',
      headers,
      agent: false,
      signal: AbortSignal.timeout(patienceMs),
    });
    asking.on('response', (response) => void text(response).then(resolve, reject));
    asking.on('error', reject);
    asking.end('{}');
  });
}
