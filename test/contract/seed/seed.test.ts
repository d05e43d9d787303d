import { describe, expect, it } from 'vitest';
import { type Stand, standForEachTest } from '../../functions/stand.ts';
import type { RecordedRequest } from '../../support/scripted-server.ts';

// The examples of Connectly's "Getting started" page, through the bundles that ship.

let stand: Stand;

standForEachTest((started) => {
  stand = started;
});

/** Sends one message through the bundle, and gives back the one request that came of it. */
async function requestOf(message: object): Promise<RecordedRequest | undefined> {
  stand.setSecret('key', '<YOUR_KEY_HERE>');
  const batch = await stand.batchOf(message);

  await stand.runSendMessage({ BUSINESS_ID: 'business_id' }).invoke(batch);

  const [request, ...others] = stand.connectly.requests;
  expect(others).toEqual([]);
  return request;
}

/** Names and values as on the wire, by name as it was spelt. */
function headersOf({ rawHeaders }: RecordedRequest): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  expect(new Set(pairs.map(([name]) => name.toLowerCase())).size).toBe(pairs.length);
  return Object.fromEntries(pairs);
}

/** The documented headers, and what HTTP itself needs. */
function documentedHeaders(body: string): Record<string, string> {
  return {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'X-API-Key': '<YOUR_KEY_HERE>',
    'Content-Length': String(Buffer.byteLength(body)),
    Host: stand.connectly.url.host,
    Connection: 'keep-alive',
  };
}

describe('the documented curl that sends a text', () => {
  it('is the request that a queued text becomes', async () => {
    const request = await requestOf({ type: 'text', to: '+15555555555', text: 'hello!' });

    if (request === undefined) throw new Error('No request came.');
    expect([request.method, request.path]).toEqual(['POST', '/v1/businesses/business_id/send/messages']);
    expect(headersOf(request)).toEqual(documentedHeaders(request.body));
    expect(JSON.parse(request.body)).toEqual({
      recipient: { channelType: 'whatsapp', id: '+15555555555' },
      message: { text: 'hello!' },
    });
  });
});

describe('the documented curl that sends a template', () => {
  const parameters = [
    { name: 'var1', value: 'value1' },
    { name: 'var2', value: 'value2' },
  ];

  it('is the request that a queued template becomes', async () => {
    const request = await requestOf({
      type: 'template',
      to: '+15555555555',
      templateName: '<Template_name>',
      parameters,
    });

    if (request === undefined) throw new Error('No request came.');
    expect([request.method, request.path]).toEqual([
      'POST',
      '/v1/businesses/business_id/send/whatsapp_templated_messages',
    ]);
    expect(headersOf(request)).toEqual(documentedHeaders(request.body));
    expect(JSON.parse(request.body)).toEqual({
      parameters,
      number: '+15555555555',
      templateName: '<Template_name>',
    });
  });
});

/** The documented body as it is printed there, and in one line as a program would send it. */
const printed = `{
  "timestamp": "1639083206",
  "sender": {
    "id": "+16315555500",
    "channelType": "whatsapp"
  },
  "recipient": {
    "id": "123456123",
    "channelType": "whatsapp"
  },
  "message": {
    "text": "TEST 11"
  }
}`;

/** Signatures made with `openssl dgst -sha256 -hmac YOUR_SECRET_VALUE -binary | base64`. */
const webhooks = [
  { form: 'as printed', body: printed, signature: 'JXRNCtHYK1+vs5o7Fzp6wQua2HZhcvE2pb7hjJhDhkQ=' },
  {
    form: 'in one line',
    body: JSON.stringify(JSON.parse(printed)),
    signature: 'Y8AODbhlanIJwf2Kxy2FwUgoP/osyEsNIrcM1LZ1/tY=',
  },
];

describe.each(webhooks)('the documented webhook, its body $form', ({ body, signature }) => {
  const headers = {
    'content-length': String(Buffer.byteLength(body)),
    'x-connectly-hmac-sha256': signature,
    'user-agent': 'go-resty/2.6.0 (https://github.com/go-resty/resty)',
    'content-type': 'text/plain; charset=utf-8',
    'accept-encoding': 'gzip',
  };

  it.each([
    { encoding: 'as text', isBase64Encoded: false, sent: body },
    { encoding: 'as base64', isBase64Encoded: true, sent: Buffer.from(body).toString('base64') },
  ])(
    'is accepted $encoding, and the envelope carries its JSON untouched',
    async ({ isBase64Encoded, sent }) => {
      stand.setSecret('webhook', 'YOUR_SECRET_VALUE');

      const { result } = await stand
        .runReceiveWebhook()
        .invoke({ version: '2.0', rawPath: '/webhooks', headers, body: sent, isBase64Encoded });

      const [event, ...others] = stand.messages('events');
      expect(Object(result).statusCode).toBe(200);
      expect(others).toEqual([]);
      expect(event?.body.endsWith(`,"event":${body}}`)).toBe(true);
      expect(JSON.parse(event?.body ?? '')).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        topic: 'messages',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        event: JSON.parse(body),
      });
    },
  );

  it('is refused with the sample signature of the page, which was made over other bytes', async () => {
    stand.setSecret('webhook', 'YOUR_SECRET_VALUE');
    const sample = 'OS/QJB97O/sOj3Ugh4vUJ32EE2++vWq9o51ajIJZwuo=';

    const { result } = await stand
      .runReceiveWebhook()
      .invoke({ headers: { ...headers, 'x-connectly-hmac-sha256': sample }, body, isBase64Encoded: false });

    expect(Object(result).statusCode).toBe(401);
    expect(stand.messages('events')).toEqual([]);
  });
});
