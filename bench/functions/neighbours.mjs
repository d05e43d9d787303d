// AWS and Connectly for a function that is measured, in a process of their own: they answer at once, over TLS, so that the
// function alone is what takes time. Every message is new to them. They count connections and requests.
// Argument: a JSON object with the key and the certificate, `{"key", "cert"}`. Over IPC: their URLs first, then the counts
// since the last time whenever the parent asks.
import { createHash } from 'node:crypto';
import { createServer } from 'node:https';

const identity = JSON.parse(process.argv[2] ?? '');

/** @typedef {{ connections: number, requests: Record<string, number> }} Counts */

/** @type {Record<string, (input: Record<string, string>) => object>} */
const operations = {
  'AmazonSQS.SendMessage': ({ MessageBody: body = '' }) => ({
    MessageId: '6f1c2f6e-7b1a-4a53-9a57-1d2f0c8a9f00',
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
  }),
  'secretsmanager.GetSecretValue': ({ SecretId: id }) => ({
    ARN: id,
    Name: id,
    VersionId: '6f1c2f6e-7b1a-4a53-9a57-1d2f0c8a9f01',
    VersionStages: ['AWSCURRENT'],
    SecretString: 'a-webhook-secret-of-usual-length',
  }),
  'DynamoDB_20120810.PutItem': () => ({}),
  'DynamoDB_20120810.UpdateItem': () => ({}),
};

/** @type {() => Counts} */
const none = () => ({ connections: 0, requests: {} });

/**
 * @param {(name: string | undefined, body: string) => { status: number, type: string, answer: object }} react
 * @param {(request: import('node:http').IncomingMessage) => string} nameOf
 */
async function serve(react, nameOf) {
  let counts = none();
  const server = createServer({ ...identity, keepAliveTimeout: 60_000 }, (request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const name = nameOf(request);
      counts.requests[name] = (counts.requests[name] ?? 0) + 1;
      const { status, type, answer } = react(name, Buffer.concat(chunks).toString('utf8'));
      const bytes = Buffer.from(JSON.stringify(answer));
      response.writeHead(status, {
        'content-type': type,
        'content-length': bytes.length,
        'x-amzn-requestid': '6f1c2f6e-7b1a-4a53-9a57-1d2f0c8a9f02',
      });
      response.end(bytes);
    });
  });
  server.on('secureConnection', () => (counts.connections += 1));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `https://127.0.0.1:${address.port}`,
    taken() {
      const taken = counts;
      counts = none();
      return taken;
    },
  };
}

const aws = await serve(
  (name = '', body) => {
    const operation = operations[name];
    const type = name.startsWith('DynamoDB') ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1';
    if (operation === undefined)
      return { status: 400, type, answer: { __type: 'UnknownOperationException' } };
    return { status: 200, type, answer: operation(JSON.parse(body)) };
  },
  (request) => String(request.headers['x-amz-target']),
);
const connectly = await serve(
  () => ({ status: 201, type: 'application/json', answer: { id: '01FRRWW2ZAHD9GJ1SWY4VF2GBD' } }),
  (request) => String(request.method),
);

process.on('message', () => process.send?.({ aws: aws.taken(), connectly: connectly.taken() }));
process.on('disconnect', () => process.exit());
process.send?.({ aws: aws.url, connectly: connectly.url });
