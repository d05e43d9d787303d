/** Throws unless `address` is a URL on this machine: what runs locally must never reach a real queue or a customer. */
export function requireLoopback(address: string, what: string): void {
  const hostname = URL.canParse(address) ? new URL(address).hostname : '';
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new Error(
      `${what} names ${address}, which is not on this machine. The local stack will not start with it.`,
    );
  }
}
