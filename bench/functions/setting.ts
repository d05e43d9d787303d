import { join } from 'node:path';
import { batchOf, webhookOf } from './events.ts';
import type { Subject } from './figures.ts';
import { type FunctionProcess, startFunctionProcess } from './function-process.ts';
import type { Neighbours } from './neighbours.ts';
import type { Subjects } from './subjects.ts';

export interface Setting {
  readonly projectRoot: string;
  /** The Node.js that Lambda runs. */
  readonly nodeBinary: string;
  readonly subjects: Subjects;
  readonly neighbours: Neighbours;
  /** A folder of the bench's own, with the certificate of the neighbours in it. */
  readonly folder: string;
  readonly rounds: number;
  /** Takes a line about how far it has come. */
  readonly progress: (line: string) => void;
}

/** What a function does. */
export type Kind = 'webhook' | 'sender';

export const usualWebhookBytes = 2_000;

/** As in serverless.yml. */
const memoryMb = 512;

export function bundleOf({ subjects }: Setting, subject: Subject, kind: Kind): string {
  return subject === 'bare' ? subjects.bare : subjects[subject][kind];
}

/** Starts it under the runtime client. */
export function startSubject(setting: Setting, subject: Subject, kind: Kind): Promise<FunctionProcess> {
  const { projectRoot, nodeBinary } = setting;
  return startFunctionProcess({
    projectRoot,
    nodeBinary,
    bundle: bundleOf(setting, subject, kind),
    memoryMb,
    environment: environmentOf(setting),
  });
}

/** Resolves to the milliseconds until the answer. Rejects unless it is 200. */
export async function receive(process: FunctionProcess, bytes: number): Promise<number> {
  const { answer, answerMs } = await process.invoke(webhookOf(bytes));
  if (Object(answer).statusCode !== 200) throw new Error(`A webhook was answered ${JSON.stringify(answer)}`);
  return answerMs;
}

/** Resolves to the milliseconds until the answer. Rejects when a message was not sent. */
export async function send(process: FunctionProcess, size: number): Promise<number> {
  const { answer, answerMs } = await process.invoke(batchOf(size));
  const failed: unknown = Object(answer).batchItemFailures;
  if (Array.isArray(failed) && failed.length > 0) throw new Error(`${failed.length} messages were not sent.`);
  return answerMs;
}

/** What the function's process takes of the processor meanwhile, in milliseconds. */
export async function cpuOf(process: FunctionProcess, work: () => Promise<unknown>): Promise<number> {
  const before = await process.usage();
  await work();
  return (await process.usage()).cpuMs - before.cpuMs;
}

/** Where the neighbours' certificate is. */
export const certificateIn = (folder: string) => join(folder, 'certificate.pem');

/** The variables of every function. */
export function environmentOf({ neighbours, folder }: Setting): Record<string, string> {
  const { awsUrl, connectlyUrl } = neighbours;
  const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:bench';
  return {
    AWS_ENDPOINT_URL: awsUrl,
    NODE_EXTRA_CA_CERTS: certificateIn(folder),
    STAGE: 'bench',
    LOG_LEVEL: 'info',
    EVENTS_QUEUE_URL: `${awsUrl}/000000000000/bench-events`,
    OUTCOMES_QUEUE_URL: `${awsUrl}/000000000000/bench-outcomes`,
    SENDS_QUEUE_URL: `${awsUrl}/000000000000/bench-sends`,
    SENDS_DLQ_URL: `${awsUrl}/000000000000/bench-sends-dlq`,
    LEDGER_TABLE: 'bench-ledger',
    WEBHOOK_SECRET_ARN: `${arn}/webhook-secrets`,
    API_KEY_SECRET_ARN: `${arn}/api-key`,
    CONNECTLY_BASE_URL: connectlyUrl,
    BUSINESS_ID: 'f7a1a3b2-65d4-4d3f-9c1e-0b5d3c1a2e4f',
    // So many that the pace keeps nothing waiting: the processor is what is measured.
    SENDS_PER_SECOND: '100000',
    SENDER_CONCURRENCY: '1',
    SEND_WINDOW: '64',
  };
}
