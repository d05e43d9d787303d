import { describe, expect, it } from 'vitest';
import { createRouteTable } from '../../../../../local/aws/api-gateway/route-table.ts';

const find = createRouteTable(
  [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
    'ANY /pets/{kind}',
    'POST /pets/{kind}',
    'POST /webhooks',
    'GET /',
  ].map((routeKey) => ({ routeKey })),
);

describe('a route', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['GET', '/pets/cat', 'ANY /pets/{kind}', { kind: 'cat' }],
    ['POST', '/pets/cat', 'POST /pets/{kind}', { kind: 'cat' }],
    ['POST', '/pets/cat/1', 'ANY /{proxy+}', { proxy: 'pets/cat/1' }],
    ['POST', '/webhooks', 'POST /webhooks', {}],
    ['GET', '/webhooks', 'ANY /{proxy+}', { proxy: 'webhooks' }],
    ['POST', '/webhooks/', 'ANY /{proxy+}', { proxy: 'webhooks/' }],
    ['POST', '/Webhooks', 'ANY /{proxy+}', { proxy: 'Webhooks' }],
    ['GET', '/', 'GET /', {}],
    ['GET', '/pets/a%20b%2Fc', 'ANY /pets/{kind}', { kind: 'a b/c' }],
    ['GET', '/pets/100%', 'ANY /pets/{kind}', { kind: '100%' }],
  ])('for %s %s is %s', (method, path, routeKey, pathParameters) => {
    const match = find(method, path);

    expect(match).toEqual({ route: { routeKey }, pathParameters });
  });

  it('is $default for what nothing else matches, or none', () => {
    const withDefault = createRouteTable([{ routeKey: '$default' }, { routeKey: 'GET /a' }]);
    const without = createRouteTable([{ routeKey: 'GET /a' }]);

    expect(withDefault('POST', '/a')).toEqual({ route: { routeKey: '$default' }, pathParameters: {} });
    expect(without('POST', '/a')).toBeUndefined();
    expect(without('GET', '/a/b')).toBeUndefined();
  });

  it.each(['POST webhooks', 'webhooks', 'post /a', '', 'GET /{proxy+}/a'])('cannot be "%s"', (routeKey) => {
    expect(() => createRouteTable([{ routeKey }])).toThrow(`"${routeKey}"`);
  });
});
