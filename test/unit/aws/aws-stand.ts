import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startAwsEndpoint } from '../../../local/aws/protocols/endpoint.ts';
import type { AwsOperation } from '../../../local/aws/protocols/service.ts';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** AWS clients against one endpoint on this machine whose operations are these functions. */
export async function startAwsStand(operations: {
  readonly sqs?: Readonly<Record<string, AwsOperation>>;
  readonly secrets?: Readonly<Record<string, AwsOperation>>;
}) {
  const server = await startAwsEndpoint({
    services: [
      { target: 'AmazonSQS', contentType: 'application/x-amz-json-1.0', operations: operations.sqs ?? {} },
      {
        target: 'secretsmanager',
        contentType: 'application/x-amz-json-1.1',
        operations: operations.secrets ?? {},
      },
    ],
  });
  // One try each: how the SDK repeats is not what is looked at here.
  const options = { endpoint: server.url, region, credentials, maxAttempts: 1 };
  const sqs = new SQSClient(options);
  const secrets = new SecretsManagerClient(options);
  return {
    sqs,
    secrets,
    async close() {
      sqs.destroy();
      secrets.destroy();
      await server.close();
    },
  };
}
