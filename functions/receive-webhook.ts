import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const a = new SQSClient({});
const b = new SecretsManagerClient({});
export const handler = async () => {
  await b.send(new GetSecretValueCommand({ SecretId: 'x' }));
  await a.send(new SendMessageCommand({ QueueUrl: 'x', MessageBody: 'y' }));
};
