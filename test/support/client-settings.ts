/** What the SDK's clients need to speak to emulated services. One attempt: a refusal is to be seen at once. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: 1;
}

export function clientSettings(endpoint: string, region: string): ClientSettings {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint, region, credentials, maxAttempts: 1 };
}
