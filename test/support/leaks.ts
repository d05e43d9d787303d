/** Secrets that a test gives a stack, and a customer: nobody prints them on purpose. */
export const canaries = { apiKey: 'canary-api-key-1', webhookSecret: 'canary-webhook-secret-1' };
export const number = '+15550001234';
export const escapeByte = '\u001b';

/** What nobody has printed on purpose. */
export const planted = ['canary-api-key', 'canary-webhook-secret', number.slice(1), escapeByte];

/** What must not be in what a command prints. */
export function leaksIn(printed: string): string[] {
  return [...planted, 'local-webhook-secret', 'local-api-key'].filter((canary) => printed.includes(canary));
}
