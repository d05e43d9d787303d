// Loaded before the official runtime client (`node --import`): stands in for its native module, which is C++ and would
// need a compiler, with requests over node:http. Runs inside the function's process, never bundled.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { standInForNativeClient } from './native-client.mjs';

const [hostname = '', port = ''] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const basePath = '/2018-06-01/runtime/invocation';

// A connection that carries nothing: when it closes, whoever started this process is gone, even by `kill -9`, and
// nobody else would end it. It does not keep the process alive, so that a handler with nothing left to wait for still
// makes the process exit, as on Lambda.
connect({ host: hostname, port: Number(port) })
  .on('error', () => {})
  .on('close', () => process.exit(1))
  .unref();

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {string} [body]
 * @returns {Promise<{ bodyJson: string, headers: import('node:http').IncomingHttpHeaders }>}
 */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    request({ hostname, port, agent, method, path: `${basePath}${path}`, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response
        .on('data', (chunk) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () =>
          resolve({ bodyJson: Buffer.concat(chunks).toString('utf8'), headers: response.headers }),
        );
    })
      .on('error', reject)
      .end(body);
  });
}

standInForNativeClient(call);
