import { BlockList, isIP, isIPv6 } from 'node:net';
import { isLoopbackHost } from '../../local/loopback.ts';
import { configurationError } from '../errors.ts';
import type { Environment } from '../io.ts';

/** Where a request goes. */
export interface Destination {
  readonly isSecure: boolean;
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A proxy, and the variable that names it, as it is spelt in the environment. */
export interface Proxy {
  readonly url: URL;
  readonly variable: string;
}

const variables = {
  secure: ['https_proxy', 'HTTPS_PROXY'],
  plain: ['http_proxy', 'HTTP_PROXY'],
  none: ['no_proxy', 'NO_PROXY'],
} as const;

/** Whether the environment names a proxy at all. */
export function namesProxy(env: Environment): boolean {
  return [...variables.secure, ...variables.plain].some((name) => env[name]);
}

/**
 * The proxy on the way; undefined for whatever is on this machine, is named in NO_PROXY, or has none. The lower-case
 * names win, as in curl. Throws `proxy-invalid`; of a proxy without the value: a password may be in there.
 */
export function proxyFor(destination: Destination, env: Environment): Proxy | undefined {
  const variable = variables[destination.isSecure ? 'secure' : 'plain'].find((name) => env[name]);
  if (variable === undefined || isDirect(destination, env)) return undefined;
  const value = env[variable] ?? '';
  const address = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw configurationError(
      'proxy-invalid',
      `${variable} is no address of a proxy; one is like http://proxy.example.com:3128. Correct it, or leave it out.`,
    );
  }
  const url = new URL(address);
  if (![url.username, url.password].every(isPercentEncoded)) {
    throw configurationError(
      'proxy-invalid',
      `${variable} has a % in its user or password that stands for nothing. Write %25 for it.`,
    );
  }
  return { url, variable };
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isDirect({ host, port }: Destination, env: Environment): boolean {
  if (isLoopbackHost(isIPv6(host) ? `[${host}]` : host)) return true;
  const variable = variables.none.find((name) => env[name]);
  if (variable === undefined) return false;
  const exceptions = (env[variable] ?? '').split(/[\s,]+/).filter((exception) => exception !== '');
  const networks = exceptions
    .filter((exception) => exception.includes('/'))
    .map((exception) => networkOf(exception, variable));
  return (
    networks.some((network) => network.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')) ||
    exceptions.some((exception) => covers(exception.toLowerCase(), { host: host.toLowerCase(), port }))
  );
}

/** The addresses of a network like `10.1.0.0/16` or `fd00::/8`. A name is in none, whatever is behind the name. */
function networkOf(exception: string, variable: string): BlockList {
  const [, address = '', bits = ''] = /^\[?([^/[\]]+)\]?\/(\d{1,3})$/.exec(exception) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits) > (version === 6 ? 128 : 32)) {
    throw configurationError(
      'proxy-invalid',
      `${variable} names ${exception}, which is no network; one is like 10.1.0.0/16. Correct it, or leave it out.`,
    );
  }
  const network = new BlockList();
  network.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  return network;
}

/** `example.com`, `.example.com` and `*.example.com` stand for the host and all below it, with a port for that alone. */
function covers(exception: string, { host, port }: Pick<Destination, 'host' | 'port'>): boolean {
  if (exception === '*') return true;
  const [, name = '', ownPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(exception) ?? [];
  if (ownPort !== undefined && Number(ownPort) !== port) return false;
  const bare = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
}
