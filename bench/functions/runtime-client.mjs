// Loaded before the official runtime client: stands in for its native module, which is C++ and would need a compiler, with
// requests over a bare socket. That of the local stack loads node:http, which a function on Lambda has to load by itself.
import { connect } from 'node:net';
import { standInForNativeClient } from '../../local/aws/lambda/native-client.mjs';

const [host = '', port = ''] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
const basePath = '/2018-06-01/runtime/invocation';
const socket = connect({ host, port: Number(port) });
const lastChunk = '\r\n0\r\n\r\n';
let received = Buffer.alloc(0);
/** @type {((answer: { bodyJson: string, headers: Record<string, string> }) => void)[]} */
const waiting = [];

socket.on('close', () => process.exit(1));
socket.on('data', (chunk) => {
  received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
  const headEnd = received.indexOf('\r\n\r\n') + 4;
  if (headEnd === 3) return;
  const lines = received.subarray(0, headEnd).toString('latin1').split('\r\n').slice(1, -2);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  // An event says how long it is. What an answer gets back is in chunks, and nobody reads it.
  const length = headers['content-length'];
  const end =
    length === undefined ? received.indexOf(lastChunk, headEnd) + lastChunk.length : headEnd + Number(length);
  if (end < headEnd || received.length < end) return;
  const bodyJson = length === undefined ? '' : received.subarray(headEnd, end).toString('utf8');
  received = received.subarray(end);
  waiting.shift()?.({ bodyJson, headers });
});

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @returns {Promise<{ bodyJson: string, headers: Record<string, string> }>}
 */
function call(method, path, body = '') {
  return new Promise((resolve) => {
    waiting.push(resolve);
    socket.write(
      `${method} ${basePath}${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

standInForNativeClient(call);
