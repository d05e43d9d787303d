import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Calls an HTTP server that does not listen: its `request` listener gets a request and a response made of the few
 * members that it uses. No socket, no second hop, and nothing to close.
 */
export function callInProcess(server: Server, operation: string, input: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = Object.assign(new EventEmitter(), {
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        // It has to look signed; nobody checks the signature.
        authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0',
      },
    });
    const response = {
      statusCode: 200,
      setHeader: () => undefined,
      end(body: string) {
        try {
          resolve({ status: response.statusCode, body: JSON.parse(body) });
        } catch (error) {
          reject(error);
        }
      },
    };
    server.emit('request', request, response);
    request.emit('data', Buffer.from(JSON.stringify(input)));
    request.emit('end');
  });
}
