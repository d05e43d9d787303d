import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startStack } from '../../../local/stack/stack.ts';
import { clientSettings } from '../../support/client-settings.ts';
import type { DrainedEvent, StackUnderTest } from './fuzz-stack.ts';

/** Both live, one of them not ASCII: the key of the HMAC is the secret's UTF-8. */
const secrets = ['first-secret-of-two', 'ключ-🔑'];

/** Starts the local stack for a fuzz run: the built functions behind the front, with secrets known to the run. */
export async function startLocalStack(projectRoot: string): Promise<StackUnderTest> {
  const stack = await startStack({ projectRoot, fillSecrets: false });
  const client = clientSettings(stack.awsUrl, stack.region);
  const sqs = new SQSClient(client);
  const queueUrl = stack.description.outputs['EventsQueueUrl'];
  const secret = stack.description.secrets.find(({ logicalId }) => logicalId === 'WebhookSecret');
  const secretsManager = new SecretsManagerClient(client);
  await secretsManager.send(
    new PutSecretValueCommand({ SecretId: secret?.name, SecretString: JSON.stringify(secrets) }),
  );
  secretsManager.destroy();

  async function receive(): Promise<readonly DrainedEvent[]> {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (messages.length > 0) {
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
    return messages.map(({ Body = '', MessageAttributes = {} }) => ({
      body: Body,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
      ),
    }));
  }

  return {
    webhookUrl: stack.webhookUrl,
    secrets,
    async drainEvents() {
      const drained: DrainedEvent[] = [];
      for (;;) {
        const received = await receive();
        if (received.length === 0) return drained;
        drained.push(...received);
      }
    },
    async close() {
      sqs.destroy();
      await stack.close();
    },
  };
}
