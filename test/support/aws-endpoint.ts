import { onTestFinished } from 'vitest';
import { type AwsEndpointOptions, startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';

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

/** Serves services for one test. */
export async function serveForTest(services: Partial<AwsEndpointOptions>): Promise<ClientSettings> {
  const endpoint = await startAwsEndpoint({ services: [], ...services });
  onTestFinished(() => endpoint.close());
  return clientSettings(endpoint.url, 'eu-west-1');
}
