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
 * How Node or OpenSSL call what went wrong, such as ECONNREFUSED, HPE_INVALID_STATUS or CERT_HAS_EXPIRED. These codes
 * stand in their sources: whoever is at the other end chooses among them, and writes none. Undefined for what does not
 * look like one.
 */
export function systemCodeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : undefined;
}

/**
 * The name of what lies at the bottom of an error: Node's or OpenSSL's code, else AWS's name or that of the class. Never
 * a message. Undefined for an error of our own that has no cause, and for a name that does not look like one.
 */
export function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.cause instanceof Error) return faultOf(error.cause);
  if (error instanceof RelayError) return undefined;
  const code = systemCodeOf(error);
  if (code !== undefined) return code;
  return /^[A-Z][A-Za-z]{0,63}$/.test(error.name) ? error.name : undefined;
}
