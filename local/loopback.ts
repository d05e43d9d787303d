import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** Whether a host, as `URL.hostname` writes it, is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || isLoopbackIp(hostname);
}

/** Whether an address that a name resolved to is this machine. */
export function isLoopbackIp(address: string): boolean {
  return address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** Throws unless `address` is a URL on this machine: what runs locally must never reach a real queue or a customer. */
export function requireLoopback(address: string, what: string): void {
  if (!isLoopbackUrl(address)) {
    throw new Error(
      `${what} names ${address}, which is not on this machine. The local stack will not start with it.`,
    );
  }
}

/**
 * A server's listener that answers 403 to whatever page is open in a browser here, instead of serving it. Such a page
 * can send requests to a port on loopback: its own name in `Host` (DNS rebinding) or in `Origin` gives it away, and
 * where the browser leaves `Origin` out (images, links), `Sec-Fetch-Site` does.
 */
export function forThisMachineOnly(serve: Listener): Listener {
  return (request, response) => {
    if (isFromThisMachine(request.headers)) {
      serve(request, response);
      return;
    }
    request.resume();
    const body = JSON.stringify({ message: 'only pages and programs of this machine may ask this' });
    response.writeHead(403, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function isFromThisMachine(headers: IncomingHttpHeaders): boolean {
  if (!isLoopbackUrl(`http://${headers.host ?? ''}`)) return false;
  return headers.origin === undefined
    ? headers['sec-fetch-site'] !== 'cross-site'
    : isLoopbackUrl(headers.origin);
}

/** Whether a text is the URL of something on this machine. */
export function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && isLoopbackHost(new URL(text).hostname);
}
