import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
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

const sampleFault = JSON.stringify({
  kind: 'answer',
  status: 429,
  retryAfter: 1,
  times: 2,
  match: { endpoint: 'send/messages' },
});

/** Where everything is, and commands that work as they stand. */
export function welcome(stack: Stack): string {
  const { outputs } = stack.description;
  const sends = outputs['SendsQueueUrl'] ?? '';
  const events = outputs['EventsQueueUrl'] ?? '';
  const sendsDlq = outputs['SendsDlqUrl'] ?? '';
  // Keys in front, because the AWS CLI signs even for an endpoint that does not look; the endpoint and the region on
  // each command, because the CLI ignores AWS_ENDPOINT_URL for SQS and would go to the real AWS.
  const aws = (operation: string, queueUrl: string) =>
    [
      `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws sqs ${operation}`,
      `--endpoint-url ${stack.awsUrl} --region ${stack.region} --queue-url ${queueUrl}`,
    ].join(' ');
  const receive = (queueUrl: string) =>
    `${aws('receive-message', queueUrl)} --wait-time-seconds 5 --max-number-of-messages 10 --message-attribute-names All`;
  return `
  Webhook            ${stack.webhookUrl}
  Sends queue        ${sends}
  Events queue       ${events}
  Sends DLQ          ${sendsDlq}
  Outcomes queue     ${outputs['OutcomesQueueUrl'] ?? ''}
  AWS endpoint       ${stack.awsUrl}  (region ${stack.region}, any keys)
  Fake Connectly     ${stack.connectly.url}  (all that it can do: /_fake/)

  For a second terminal: a text and what becomes of it, what happens, and how everything stands.
  npx relay send text --to ${sampleCustomer} --text 'hello!' --follow
  npx relay tail
  npx relay status

  A webhook, signed with "${localCredentials.webhookSecret}":
  curl -i --data-binary '${sampleWebhook}' -H 'content-type: text/plain; charset=utf-8' -H '${signatureHeader}: ${sign(sampleWebhook, localCredentials.webhookSecret)}' ${stack.webhookUrl}

  A text, and a template, for Connectly to send. Texts reach customers who have written: so far ${sampleCustomer} only.
  ${aws('send-message', sends)} --message-body '${sampleText}'
  ${aws('send-message', sends)} --message-body '${sampleTemplate}'

  What arrived for you (out of sight for 3 minutes then, until you delete it), and what could not be sent:
  ${receive(events)}
  ${receive(sendsDlq)}

  Let another customer write, and let the next two texts meet a 429. The documentation calls the fake Connectly $FAKE:
  export FAKE=${stack.connectly.url}
  curl ${stack.connectly.url}/_fake/inbound -d '{"from":"+16315555500","text":"Hello"}'
  curl ${stack.connectly.url}/_fake/faults -d '${sampleFault}'
`;
}
