import { describe, expect, it } from 'vitest';
import { callApi } from '../../../lib/connectly/api.ts';
import type { HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';

const accepted: HttpResult = { kind: 'answered', status: 201, retryAfter: undefined, body: '' };

/** What goes out for a call. */
async function requestOf(call: { method: 'GET' | 'POST'; path: string; body?: unknown }) {
  const requests: HttpRequest[] = [];
  const http = {
    request(request: HttpRequest) {
      requests.push(request);
      return Promise.resolve(accepted);
    },
  };
  const result = await callApi(http, new URL('https://api.connectly.ai'), {
    businessId: 'business-1',
    apiKey: 'key-1',
    ...call,
  });
  return { result, requests };
}

describe('a call of the API', () => {
  it('with a body has the headers of its documentation, the length in bytes, and the key', async () => {
    const { result, requests } = await requestOf({
      method: 'POST',
      path: '/send/messages',
      body: { text: 'é', sender: undefined },
    });

    expect(result).toBe(accepted);
    expect(requests).toStrictEqual([
      {
        method: 'POST',
        url: new URL('https://api.connectly.ai/v1/businesses/business-1/send/messages'),
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'Content-Length': '13',
          'X-API-Key': 'key-1',
        },
        body: '{"text":"é"}',
      },
    ]);
  });

  it('without a body says nothing of one', async () => {
    const { requests } = await requestOf({ method: 'GET', path: '/webhooks' });

    expect(requests).toStrictEqual([
      {
        method: 'GET',
        url: new URL('https://api.connectly.ai/v1/businesses/business-1/webhooks'),
        headers: { Accept: 'application/json', 'X-API-Key': 'key-1' },
      },
    ]);
  });
});
