import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { whenUndelivered } from '../../../../../local/aws/protocols/delivery.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../../local/aws/protocols/endpoint.ts';
import { AwsError, type AwsOperation, type AwsService } from '../../../../../local/aws/protocols/service.ts';

const service = (
  operations: Record<string, AwsOperation>,
  target = 'Toy',
  contentType: AwsService['contentType'] = 'application/x-amz-json-1.1',
): AwsService => ({ target, contentType, operations });

let endpoint: AwsEndpoint | undefined;
afterEach(() => endpoint?.close());

async function start(...services: AwsService[]): Promise<AwsEndpoint> {
  endpoint = await startAwsEndpoint({ services });
  return endpoint;
}

const post = ({ url }: AwsEndpoint, target: string, body: string | Uint8Array = '{}'): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'x-amz-target': target }, body });

const bodyOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - '{"a":""}'.length)}"}`;

const echo: AwsOperation = async (input) => ({ echo: input });

test('a request reaches the operation of its target, and the answer has the service’s content type', async () => {
  const both = await start(
    service({ Echo: echo }),
    service({ Echo: echo }, 'Other', 'application/x-amz-json-1.0'),
  );

  const responses = [
    await post(both, 'Toy.Echo', '{"a":"é 🎉"}'),
    await post(both, 'Other.Echo', ''),
    await post(both, 'Toy.Echo', '{"a":null}'),
  ];

  expect(responses.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/x-amz-json-1.1',
    'application/x-amz-json-1.0',
    'application/x-amz-json-1.1',
  ]);
  expect(await Promise.all(responses.map((response) => response.json()))).toEqual([
    { echo: { a: 'é 🎉' } },
    { echo: {} },
    { echo: { a: null } },
  ]);
  expect(new Set(responses.map(({ headers }) => headers.get('x-amzn-requestid'))).size).toBe(3);
});

test.each([
  ['Toy.Fly', 'an unknown operation'],
  ['Bird.Fly', 'an unknown service'],
  ['Toy.constructor', 'a name that every object has'],
  ['Toy', 'no operation at all'],
])('the target %s, %s, is refused', async (target) => {
  const toy = await start(service({ Echo: echo }));

  const response = await post(toy, target);

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('UnknownOperationException');
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
])('a body of %s is refused', async (_, body) => {
  const toy = await start(service({ Echo: echo }));

  const response = await post(toy, 'Toy.Echo', body);

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('SerializationException');
});

test('an AWS error is answered with its type, message, status and Query code', async () => {
  const toy = await start(
    service({
      async Fail() {
        throw new AwsError('Broken', 'It is broken.', { status: 403, queryCode: 'Toy.Broken' });
      },
    }),
  );

  const response = await post(toy, 'Toy.Fail');

  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-query-error')).toBe('Toy.Broken;Sender');
  expect(await response.json()).toEqual({ __type: 'Broken', message: 'It is broken.' });
});

test('a defect of an operation is answered with 500, without quoting what was sent', async () => {
  const toy = await start(
    service({
      async Crash() {
        throw new TypeError('secret text');
      },
    }),
  );

  const response = await post(toy, 'Toy.Crash');

  expect(response.status).toBe(500);
  expect(await response.text()).toBe(
    '{"__type":"InternalFailure","message":"The emulator failed (TypeError)."}',
  );
});

test('a client of the older Query protocol is told which versions are new enough', async () => {
  const toy = await start(service({ Echo: echo }));
  const body = new URLSearchParams({ Action: 'ListQueues' });

  const response = await fetch(toy.url, { method: 'POST', body });

  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/Query protocol.*AWS CLI 1\.29\.82, 2\.14\.0 or newer/);
});

test('only POST is served', async () => {
  const toy = await start(service({ Echo: echo }));

  const response = await fetch(toy.url);

  expect(response.status).toBe(405);
});

test('a body of 5 MiB is taken, a larger one is not', async () => {
  const toy = await start(service({ Size: async (input) => ({ size: String(input['a']).length }) }));

  const largest = await post(toy, 'Toy.Size', bodyOf(5 * 1024 * 1024));
  const tooLarge = await post(toy, 'Toy.Size', bodyOf(5 * 1024 * 1024 + 1));

  expect([largest.status, tooLarge.status]).toEqual([200, 413]);
});

test('it listens on 127.0.0.1 and refuses a port that is taken', async () => {
  const toy = await start(service({ Echo: echo }));

  const second = startAwsEndpoint({ port: toy.port, services: [] });

  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(toy.url).toBe(`http://127.0.0.1:${toy.port}`);
});

/** A promise that somebody else fulfils. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const controller = new AbortController();
  const opened = once(controller.signal, 'abort').then(() => undefined);
  return { opened, open: () => controller.abort() };
}

/** An operation that waits until its caller has gone, and tells when it began. */
function waiting() {
  const began = gate();
  const gone = gate();
  const operation: AwsOperation = async (_, { signal }) => {
    began.open();
    await once(signal, 'abort');
    gone.open();
    return {};
  };
  return { began: began.opened, gone: gone.opened, operation };
}

test('an operation learns that its caller has hung up', async () => {
  const { began, gone, operation } = waiting();
  const toy = await start(service({ Wait: operation }));
  const controller = new AbortController();
  const headers = { 'x-amz-target': 'Toy.Wait' };
  const call = fetch(toy.url, { method: 'POST', headers, signal: controller.signal }).catch(() => 'gone');
  await began;

  controller.abort();

  await expect(gone).resolves.toBeUndefined();
  await expect(call).resolves.toBe('gone');
});

test('an answer that finds nobody is reported, once', async () => {
  const began = gate();
  const left = gate();
  const undone = gate();
  let undoings = 0;
  const toy = await start(
    service({
      async Take(_, { signal }) {
        signal.addEventListener('abort', () => left.open());
        began.open();
        await left.opened;
        const answer = { taken: true };
        whenUndelivered(answer, () => {
          undoings += 1;
          undone.open();
        });
        return answer;
      },
    }),
  );
  const socket = connect(toy.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: Toy.Take\r\ncontent-length: 2\r\n\r\n{}');
  await began.opened;

  socket.destroy();

  await undone.opened;
  await endpoint?.close();
  expect(undoings).toBe(1);
});

test('an answer that arrives is not reported', async () => {
  let undoings = 0;
  const toy = await start(
    service({
      async Take() {
        const answer = { taken: true };
        whenUndelivered(answer, () => void (undoings += 1));
        return answer;
      },
    }),
  );

  const response = await post(toy, 'Toy.Take');

  expect(await response.json()).toEqual({ taken: true });
  await toy.close();
  expect(undoings).toBe(0);
});

test('closing ends idle connections and waiting calls, and can be done twice', async () => {
  const { began, gone, operation } = waiting();
  const toy = await start(service({ Wait: operation, Echo: echo }));
  const agent = new Agent({ keepAlive: true });
  const idle = request(toy.url, { method: 'POST', agent, headers: { 'x-amz-target': 'Toy.Echo' } }).end('{}');
  const [answered] = await once(idle, 'response');
  answered.resume();
  await once(answered, 'end');
  const pending = post(toy, 'Toy.Wait').catch(() => 'ended');
  await began;

  await toy.close();
  await toy.close();

  await gone;
  await expect(pending).resolves.toBe('ended');
  agent.destroy();
});
