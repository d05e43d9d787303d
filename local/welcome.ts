import { sign, signatureHeader } from '../lib/webhook/signature.ts';
import { localCredentials, type Stack } from './stack.ts';

/** The customer who has just written, so that a text to this number is accepted: the number of Connectly's own sample. */
export const sampleCustomer = '+15555555555';

const sampleWebhook = JSON.stringify({
  timestamp: '1639083206',
  sender: { id: '+16315555500', channelType: 'whatsapp' },
  recipient: { id: '123456123', channelType: 'whatsapp' },
  message: { text: 'TEST 11' },
});

const sampleText = JSON.stringify({ type: 'text', to: sampleCustomer, text: 'hello!' });

const sampleTemplate = JSON.stringify({
  type: 'template',
  to: sampleCustomer,
  templateName: 'order_ready',
  language: 'en',
  parameters: [{ name: 'body_1', value: 'Ana' }],
  id: 'order-42-ready',
});

/** Where everything is, and commands that work as they stand. */
export function welcome(stack: Stack): string {
  const { outputs } = stack.description;
  const sends = outputs['SendsQueueUrl'] ?? '';
  const events = outputs['EventsQueueUrl'] ?? '';
  // Keys in front, because the AWS CLI signs even for an endpoint that does not look; the endpoint and the region on
  // each command, because the CLI ignores AWS_ENDPOINT_URL for SQS and would go to the real AWS.
  const aws = (operation: string, queueUrl: string) =>
    [
      `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws sqs ${operation}`,
      `--endpoint-url ${stack.awsUrl} --region ${stack.region} --queue-url ${queueUrl}`,
    ].join(' ');
  return `
  Webhook            ${stack.webhookUrl}
  Sends queue        ${sends}
  Events queue       ${events}
  Sends DLQ          ${outputs['SendsDlqUrl'] ?? ''}
  AWS endpoint       ${stack.awsUrl}  (SQS, Secrets Manager and DynamoDB, region ${stack.region}, any keys)
  Fake Connectly     ${stack.connectly.url}  (what it accepted: /_fake/state)

  A webhook, signed with "${localCredentials.webhookSecret}":
  curl -i --data-binary '${sampleWebhook}' -H 'content-type: text/plain; charset=utf-8' -H '${signatureHeader}: ${sign(sampleWebhook, localCredentials.webhookSecret)}' ${stack.webhookUrl}

  A text, and a template, for Connectly to send:
  ${aws('send-message', sends)} --message-body '${sampleText}'
  ${aws('send-message', sends)} --message-body '${sampleTemplate}'

  What arrived for you:
  ${aws('receive-message', events)} --wait-time-seconds 5 --max-number-of-messages 10 --message-attribute-names All
`;
}
