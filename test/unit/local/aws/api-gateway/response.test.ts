import { describe, expect, it } from 'vitest';
import { interpretPayload } from '../../../../../local/aws/api-gateway/response.ts';

function interpret(value: unknown) {
  const response = interpretPayload(JSON.stringify(value));
  return response && { ...response, body: response.body.toString('latin1') };
}

describe('a function’s answer', () => {
  it.each<[string, unknown, object]>([
    [
      'with everything',
      {
        statusCode: 201,
        headers: { 'Content-Type': 'application/json', 'X-Count': 3, 'x-flag': true },
        cookies: ['a=1; Secure', 'b=2'],
        body: '{}',
        isBase64Encoded: false,
      },
      {
        status: 201,
        headers: { 'content-type': 'application/json', 'x-count': '3', 'x-flag': 'true' },
        cookies: ['a=1; Secure', 'b=2'],
        body: '{}',
      },
    ],
    ['with a status alone', { statusCode: 204 }, { status: 204, body: '', cookies: [] }],
    ['with a status as text', { statusCode: '404' }, { status: 404 }],
    [
      'without a content type',
      { statusCode: 200, body: 'hi' },
      { headers: { 'content-type': 'text/plain;charset=UTF-8' } },
    ],
    ['in base64', { statusCode: 200, body: '/wA=', isBase64Encoded: true }, { body: 'ÿ\0' }],
    ['with nulls', { statusCode: 200, headers: null, cookies: null, body: null }, { status: 200, body: '' }],
    [
      'with headers of the connection',
      { statusCode: 200, headers: { 'Content-Length': '5', Connection: 'close' } },
      { headers: { 'content-type': 'text/plain;charset=UTF-8' } },
    ],
    [
      'that is an object without a status',
      { ok: true },
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' },
    ],
    [
      'that is a string',
      'Hello!',
      { status: 200, headers: { 'content-type': 'application/json' }, body: 'Hello!' },
    ],
    ['that is null', null, { status: 200, body: 'null' }],
    ['that is a list', [1], { status: 200, body: '[1]' }],
  ])('%s is understood', (_, value, expected) => {
    const response = interpret(value);

    expect(response).toMatchObject(expected);
  });

  it.each<[string, unknown]>([
    ['a status that is no number', { statusCode: 'ok' }],
    ['a status that is null', { statusCode: null }],
    ['a fraction as status', { statusCode: 200.5 }],
    ['an informational status', { statusCode: 100 }],
    ['a status out of range', { statusCode: 600 }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['headers that are a list', { statusCode: 200, headers: [] }],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a header name that is none', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['cookies that are a string', { statusCode: 200, cookies: 'a=1' }],
    ['a cookie that is a number', { statusCode: 200, cookies: [1] }],
    ['a cookie with a line break', { statusCode: 200, cookies: ['a=1\nb'] }],
  ])('with %s is invalid', (_, value) => {
    const response = interpret(value);

    expect(response).toBeUndefined();
  });

  it('that is not JSON is invalid', () => {
    const response = interpretPayload('{');

    expect(response).toBeUndefined();
  });
});
