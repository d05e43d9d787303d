import { onTestFinished } from 'vitest';
import { type AwsEndpointOptions, startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import { type ClientSettings, clientSettings } from './client-settings.ts';

/** Serves services for one test. */
export async function serveForTest(services: Partial<AwsEndpointOptions>): Promise<ClientSettings> {
  const endpoint = await startAwsEndpoint({ services: [], ...services });
  onTestFinished(() => endpoint.close());
  return clientSettings(endpoint.url, 'eu-west-1');
}
