/**
 * An error that the relay itself raises: `code` is stable and kebab-case, `message` never holds personal data or a
 * secret, and the cause is kept for whoever debugs.
 */
export class RelayError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RelayError';
    this.code = code;
  }
}
