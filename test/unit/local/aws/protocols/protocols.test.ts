import { describe, expect, it } from 'vitest';
import type { AwsEndpointOptions } from '../../../../../local/aws/protocols/endpoint.ts';
import { AwsError, type AwsOperation, type RestService } from '../../../../../local/aws/protocols/service.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';

const echo: AwsOperation = async (input) => ({ input });
const fail: AwsOperation = async () => {
  throw new AwsError('Broken', 'It is <broken>.', { status: 409 });
};
const crash: AwsOperation = async () => {
  throw new TypeError('secret text');
};

async function serve(services: Partial<AwsEndpointOptions>): Promise<string> {
  return (await serveForTest(services)).endpoint;
}

const shelf: RestService = {
  routes: [
    { method: 'GET', path: '/v1/books', operation: 'List' },
    { method: 'PUT', path: '/v1/books/{Id}/title', operation: 'Rename', status: 202 },
    { method: 'GET', path: '/v1/broken', operation: 'Fail' },
    { method: 'GET', path: '/v1/crash', operation: 'Crash' },
  ],
  operations: { List: echo, Rename: echo, Fail: fail, Crash: crash },
  errorBody: ({ message }) => ({ Message: message }),
};

describe('the REST protocol', () => {
  it('makes one input of the path, the query and the body; the path counts most', async () => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}/v1/books/a%2Fb%20c/title?Page=2`, {
      method: 'PUT',
      body: '{"Title":"é","Id":"body"}',
    });

    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ input: { Id: 'a/b c', Page: '2', Title: 'é' } });
  });

  it('takes a path with and without a slash at its end', async () => {
    const url = await serve({ restServices: [shelf] });

    const statuses = [(await fetch(`${url}/v1/books`)).status, (await fetch(`${url}/v1/books/`)).status];

    expect(statuses).toEqual([200, 200]);
  });

  it('leaves a parameter as it is that cannot be decoded', async () => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}/v1/books/100%/title`, { method: 'PUT' });

    expect(await response.json()).toEqual({ input: { Id: '100%' } });
  });

  it.each(['{', '[]', 'null'])('refuses the body %s', async (body) => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}/v1/books/1/title`, { method: 'PUT', body });

    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidRequestContentException');
  });

  it('answers an error with its name in a header, and the service’s own body', async () => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}/v1/broken`);

    expect(response.status).toBe(409);
    expect(response.headers.get('x-amzn-errortype')).toBe('Broken');
    expect(await response.json()).toEqual({ Message: 'It is <broken>.' });
  });

  it('answers a defect without quoting what was sent', async () => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}/v1/crash`);

    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"Message":"The emulator failed (TypeError)."}');
  });

  it.each([
    ['GET', '/v1/books/1/title'],
    ['PUT', '/v1/books'],
    ['GET', '/v1/books/1/title/more'],
    ['GET', '/v2/books'],
    ['GET', '//'],
  ])('has nothing at %s %s', async (method, path) => {
    const url = await serve({ restServices: [shelf] });

    const response = await fetch(`${url}${path}`, { method });

    expect(response.status).toBe(404);
    expect(await response.text()).toContain('UnknownOperationException');
  });
});

const post = async (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ Version: '2020-01-01', ...form }) });

describe('the Query protocol', () => {
  const queryServices = [
    {
      version: '2020-01-01',
      namespace: 'https://toy/',
      operations: { Echo: echo, Fail: fail, Crash: crash },
    },
  ];

  it('makes the form the input, and XML of the answer', async () => {
    const url = await serve({ queryServices });

    const response = await post(url, { Action: 'Echo', Name: '<a> & "b"' });

    const requestId = response.headers.get('x-amzn-requestid');
    expect(response.headers.get('content-type')).toBe('text/xml');
    expect(await response.text()).toBe(
      '<EchoResponse xmlns="https://toy/"><EchoResult><input><Version>2020-01-01</Version><Action>Echo</Action>' +
        `<Name>&lt;a&gt; &amp; &quot;b&quot;</Name></input></EchoResult><ResponseMetadata><RequestId>${requestId}` +
        '</RequestId></ResponseMetadata></EchoResponse>',
    );
  });

  it('answers an error in XML, too', async () => {
    const url = await serve({ queryServices });

    const response = await post(url, { Action: 'Fail' });

    expect(response.status).toBe(409);
    expect(await response.text()).toContain(
      '<Error><Type>Sender</Type><Code>Broken</Code><Message>It is &lt;broken&gt;.</Message></Error>',
    );
  });

  it('answers a defect without quoting what was sent', async () => {
    const url = await serve({ queryServices });

    const response = await post(url, { Action: 'Crash' });

    expect(response.status).toBe(500);
    expect(await response.text()).toContain('<Type>Receiver</Type><Code>InternalFailure</Code>');
  });

  it.each([['Fly'], ['toString'], ['']])('has no action "%s"', async (Action) => {
    const url = await serve({ queryServices });

    const response = await post(url, { Action });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>InvalidAction</Code>');
  });

  it('is not taken for a service that does not speak it', async () => {
    const url = await serve({ queryServices });

    const response = await post(url, { Action: 'ListQueues', Version: '2012-11-05' });

    expect(await response.text()).toContain('older Query protocol');
  });
});
