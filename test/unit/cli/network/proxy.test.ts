import { describe, expect, it } from 'vitest';
import { type Destination, namesProxy, proxyFor } from '../../../../cli/network/proxy.ts';

const secure: Destination = { isSecure: true, host: 'sqs.eu-west-1.amazonaws.com', port: 443 };
const plain: Destination = { isSecure: false, host: 'aws.example.com', port: 4566 };

describe('the proxy on the way', () => {
  it.each([
    [
      'HTTPS_PROXY for https',
      secure,
      { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' },
      'HTTPS_PROXY',
      's:1',
    ],
    [
      'HTTP_PROXY for http',
      plain,
      { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' },
      'HTTP_PROXY',
      'p:2',
    ],
    [
      'the lower-case form first',
      secure,
      { https_proxy: 'http://l:1', HTTPS_PROXY: 'http://u:2' },
      'https_proxy',
      'l:1',
    ],
    [
      'the other form where one is empty',
      secure,
      { https_proxy: '', HTTPS_PROXY: 'http://u:2' },
      'HTTPS_PROXY',
      'u:2',
    ],
    [
      'an address without a scheme',
      secure,
      { HTTPS_PROXY: 'proxy.corp:3128' },
      'HTTPS_PROXY',
      'proxy.corp:3128',
    ],
    [
      'a proxy that speaks TLS',
      secure,
      { HTTPS_PROXY: 'https://proxy.corp:8443' },
      'HTTPS_PROXY',
      'proxy.corp:8443',
    ],
  ] as const)('is that of %s', (_, destination, env, variable, host) => {
    const proxy = proxyFor(destination, env);

    expect({ variable: proxy?.variable, host: proxy?.url.host }).toEqual({ variable, host });
  });

  it('says which variable has a % that stands for nothing, and not what the password is', () => {
    const env = { HTTPS_PROXY: 'http://me:50%off@proxy.corp:3128' };

    const ask = () => proxyFor(secure, env);

    expect(ask).toThrow(
      'HTTPS_PROXY has a % in its user or password that stands for nothing. Write %25 for it.',
    );
  });

  it.each([
    ['nothing is named', secure, {}],
    ['the other scheme is named', secure, { HTTP_PROXY: 'http://p:2' }],
  ])('is none where %s', (_, destination, env) => {
    expect(proxyFor(destination, env)).toBeUndefined();
  });

  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])(
    'is never on the way to %s, this machine',
    (host) => {
      const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2' };

      expect(proxyFor({ isSecure: true, host, port: 443 }, env)).toBeUndefined();
      expect(proxyFor({ isSecure: false, host, port: 80 }, env)).toBeUndefined();
    },
  );

  it.each([
    ['*', secure],
    ['sqs.eu-west-1.amazonaws.com', secure],
    ['SQS.EU-WEST-1.amazonaws.com', secure],
    ['amazonaws.com', secure],
    ['.amazonaws.com', secure],
    ['*.amazonaws.com', secure],
    ['other.example.com, amazonaws.com', secure],
    ['other.example.com amazonaws.com', secure],
    ['amazonaws.com:443', secure],
    ['10.0.0.7', { ...secure, host: '10.0.0.7' }],
    ['fd00::7', { ...secure, host: 'fd00::7' }],
    ['[fd00::7]:443', { ...secure, host: 'fd00::7' }],
    ['10.1.0.0/16', { ...secure, host: '10.1.255.7' }],
    ['example.com,10.1.2.3/16', { ...secure, host: '10.1.255.7' }],
    ['0.0.0.0/0', { ...secure, host: '10.1.255.7' }],
    ['fd00::/8', { ...secure, host: 'fd12:3456::7' }],
    ['[fd00::]/8', { ...secure, host: 'fd12:3456::7' }],
  ])('is left out for NO_PROXY=%s', (exceptions, destination) => {
    const env = { HTTPS_PROXY: 'http://s:1' };

    expect(proxyFor(destination, { ...env, NO_PROXY: exceptions })).toBeUndefined();
    expect(proxyFor(destination, { ...env, no_proxy: exceptions })).toBeUndefined();
  });

  it.each([
    '',
    ',',
    'amazon.com',
    'ws.com',
    'amazonaws.com:8443',
    'eu-west-1.amazonaws.com.evil',
    'xamazonaws.com',
    '*.',
  ])('stays for NO_PROXY=%s', (exceptions) => {
    const proxy = proxyFor(secure, { HTTPS_PROXY: 'http://s:1', NO_PROXY: exceptions });

    expect(proxy?.url.host).toBe('s:1');
  });

  it.each([
    ['10.1.0.0/16', '10.2.0.1'],
    ['10.1.0.0/32', '10.1.0.1'],
    ['fd00::/8', '10.1.0.1'],
    ['fd00::/8', 'fe80::1'],
    ['0.0.0.0/0', secure.host],
  ])('stays for NO_PROXY=%s on the way to %s', (exceptions, host) => {
    const proxy = proxyFor({ ...secure, host }, { HTTPS_PROXY: 'http://s:1', NO_PROXY: exceptions });

    expect(proxy?.url.host).toBe('s:1');
  });

  it.each([
    '10.1.0.0/33',
    'fd00::/129',
    '10.1/16',
    '10.1.0.0/',
    'https://example.com',
    '10.1.0.0/255.255.0.0',
  ])('is on no way that could be told from NO_PROXY=%s: the entry is named', (exception) => {
    const env = { HTTPS_PROXY: 'http://s:1', no_proxy: `example.com,${exception}` };

    expect(() => proxyFor(secure, env)).toThrow(
      `no_proxy names ${exception}, which is no network; one is like 10.1.0.0/16. Correct it, or leave it out.`,
    );
  });

  it.each(['socks5://user:pa55word@proxy:1080', 'http://', 'http://user:pa55word@ho st:1'])(
    'is refused for %s, in words that name the variable and hold no password',
    (value) => {
      const env = { https_proxy: value };

      expect(() => proxyFor(secure, env)).toThrow(/^https_proxy is no address of a proxy; one is like http:/);
      expect(() => proxyFor(secure, env)).not.toThrow(/pa55word/);
      expect(proxyFor({ ...secure, host: 'localhost' }, env)).toBeUndefined();
    },
  );
});

it('knows whether any variable names a proxy', () => {
  expect(namesProxy({ NO_PROXY: '*' })).toBe(false);
  expect(namesProxy({ HTTPS_PROXY: '', http_proxy: '' })).toBe(false);
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])
    expect(namesProxy({ [name]: 'http://proxy:1' })).toBe(true);
});
