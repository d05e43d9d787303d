/**
 * An error that the relay itself raises: `code` is stable and kebab-case, `message` never holds personal data or a
 * secret, and the cause is kept for debugging.
 */
export class RelayError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RelayError';
    this.code = code;
  }
}

/**
 * How connections fail, in the words of Node, OpenSSL and this relay. Closed: a log may repeat these, and no other text
 * that comes with an error.
 */
const connectionFaults = [
  'deadline-passed',
  'answer-too-long',
  'connection-closed',
  'connection-failed',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
] as const;

export type ConnectionFault = (typeof connectionFaults)[number];

/** The name of what an HTTP request met; `connection-failed` for what has no name in the list. */
export function connectionFaultOf(error: unknown): ConnectionFault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return connectionFaults.find((fault) => fault === code) ?? 'connection-failed';
}

/**
 * The name of what lies at the bottom of an error: a connection fault, else AWS's name or that of the class. Never a
 * message. Undefined for an error of our own that has no cause, and for a name that does not look like one.
 */
export function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.cause instanceof Error) return faultOf(error.cause);
  if (error instanceof RelayError) return undefined;
  const fault = connectionFaultOf(error);
  if (fault !== 'connection-failed') return fault;
  return /^[A-Z][A-Za-z]{0,63}$/.test(error.name) ? error.name : undefined;
}
