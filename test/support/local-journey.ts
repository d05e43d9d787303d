import { type Message, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { type RelayProcess, type RelayResult, relay, startRelay, stateOf, until } from './relay-command.ts';

/** A copy of the project with its local stack running, as somebody has it who typed `npm start` and opens a second window. */
export interface LocalJourney {
  readonly project: ProjectCopy;
  readonly awsUrl: string;
  readonly connectlyUrl: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly sqs: SQSClient;
  /** Runs a command to its end. */
  relay(...args: string[]): Promise<RelayResult>;
  /** Starts a command that goes on. */
  start(...args: string[]): RelayProcess;
  /** Puts messages on the sends queue, in batches of ten. */
  enqueue(messages: readonly object[]): Promise<void>;
  /** What is on a queue and in sight, ten at most; it stays hidden for as long as the queue says. */
  receive(output: string): Promise<Message[]>;
  /** Who got what the fake Connectly accepted, one entry for each message. */
  acceptedRecipients(): Promise<string[]>;
  /** Tells the fake Connectly something, such as a fault. */
  tellConnectly(path: string, body: object): Promise<void>;
  until: typeof until;
  close(): Promise<void>;
}

const stateSchema = z.object({
  accepted: z.object({ newest: z.array(z.object({ recipient: z.string() })) }),
});

export async function startLocalJourney(): Promise<LocalJourney> {
  const project = await copyProject();
  const stack = startRelay(project, 'dev', '--json');
  await stack.says('"webhookUrl"');
  const { awsUrl, connectlyUrl, outputs } = await stateOf(project);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: awsUrl, region: 'us-east-1', credentials });
  return {
    project,
    awsUrl,
    connectlyUrl,
    outputs,
    sqs,
    relay: (...args) => relay(project, ...args),
    start: (...args) => startRelay(project, ...args),
    async enqueue(messages) {
      for (let start = 0; start < messages.length; start += 10) {
        const Entries = messages
          .slice(start, start + 10)
          .map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message) }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: outputs['SendsQueueUrl'], Entries }));
      }
    },
    async receive(output) {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: outputs[output],
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
        }),
      );
      return messages;
    },
    async acceptedRecipients() {
      const answer = await fetch(`${connectlyUrl}/_fake/state`);
      return stateSchema.parse(await answer.json()).accepted.newest.map(({ recipient }) => recipient);
    },
    async tellConnectly(path, body) {
      const answer = await fetch(`${connectlyUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`The fake Connectly answered ${answer.status}: ${await answer.text()}`);
    },
    until,
    async close() {
      sqs.destroy();
      stack.signal('SIGTERM');
      await stack.ended;
      await project.remove();
    },
  };
}
