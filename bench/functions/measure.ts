import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { batchOf, webhookOf } from './events.ts';
import { createSamples, type Figure, type Sample, type Subject } from './figures.ts';
import { type FunctionProcess, startFunctionProcess } from './function-process.ts';
import type { Neighbours } from './neighbours.ts';
import { type PlainRun, runPlainProcess } from './plain-process.ts';
import { kilobytesOf, type Subjects } from './subjects.ts';

const run = promisify(execFile);

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

export interface Measurements {
  readonly webhook: readonly Figure[];
  readonly sender: readonly Figure[];
  readonly verifiers: readonly VerifierFigure[];
}

/** Microseconds of CPU for one verification, the median of the rounds, by the size of the body in bytes. */
export interface VerifierFigure {
  readonly name: string;
  readonly microseconds: Readonly<Record<number, number>>;
}

const webhookBytes = [200, 2_000, 64_000, 256_000];
const usualWebhookBytes = 2_000;
const verifiedBytes = [2_000, 64_000];

/** How many invocations make a mean that stands still, by the size of their batch. */
const batches = [
  { size: 1, count: 100 },
  { size: 10, count: 30 },
  { size: 100, count: 8 },
  { size: 1_000, count: 3 },
];
const webhooksOfASize = 100;
/** For the compiler, before anything warm is measured. */
const warmUpInvocations = 200;

/** In each round, of which the fastest counts: what else the machine does makes a start slower, never faster. */
const plainStarts = 8;

const singleSends = 50;
const betweenSendsMs = 50;

const both = ['relay', 'peer'] as const;
const all = ['bare', ...both] as const;

/** As in serverless.yml. */
const memoryMb = 512;

/** Everything, in rounds: in each of them every subject has its turn, and they take turns at being first. */
export async function measure(setting: Setting): Promise<Measurements> {
  const { rounds, progress } = setting;
  const webhook = createSamples();
  const sender = createSamples();
  for (let round = 0; round < rounds; round += 1) {
    progress(`Round ${round + 1} of ${rounds}: webhooks`);
    await measurePlain(setting, 'webhook', webhook.add);
    for (const subject of inTurn(all, round)) await measureWebhook(setting, subject, webhook.add);
    progress(`Round ${round + 1} of ${rounds}: sends`);
    await measurePlain(setting, 'sender', sender.add);
    for (const subject of inTurn(both, round)) {
      await measureSender(setting, subject, sender.add);
      await countConnections(setting, subject, sender.add);
    }
  }
  progress('Verifiers');
  const { subjects } = setting;
  for (const subject of both) {
    webhook.add(subject, figureNames.bundle, await kilobytesOf(subjects[subject].webhook));
    sender.add(subject, figureNames.bundle, await kilobytesOf(subjects[subject].sender));
  }
  sender.add('relay', figureNames.settleBundle, await kilobytesOf(subjects.relay.settler));
  return {
    webhook: webhook.figures(),
    sender: sender.figures(),
    verifiers: await measureVerifiers(setting),
  };
}

/** What the figures are called, in the table and for the goals. */
export const figureNames = {
  loaded: 'code loaded by a process without a runtime client, ms',
  answered: 'and its first event answered, ms',
  ready: 'ready, under the runtime client, ms',
  firstAnswer: 'and its first event answered, under the runtime client, ms',
  cpuReady: 'CPU until ready, ms',
  cpuFirst: 'CPU of the first request, ms',
  cpuOfWebhook: (bytes: number) => `CPU per webhook of ${bytes / 1_000} KB, ms`,
  cpuOfMessage: (batch: number) => `CPU per message, ${batch} at once, ms`,
  memory: 'peak memory, MB',
  awsCalls: 'calls to AWS per message, 1,000 at once',
  toConnectly: `connections to Connectly for ${singleSends} single sends`,
  toAws: `connections to AWS for ${singleSends} single sends`,
  bundle: 'bundle, KB',
  settleBundle: 'bundle of settle-send, KB',
} as const;

/** Who begins changes from round to round. */
function inTurn<Name>(names: readonly Name[], round: number): Name[] {
  const first = round % names.length;
  return [...names.slice(first), ...names.slice(0, first)];
}

async function measurePlain(setting: Setting, kind: 'webhook' | 'sender', add: Sample): Promise<void> {
  const eventFile = join(setting.folder, `${kind}.json`);
  await writeFile(eventFile, JSON.stringify(kind === 'webhook' ? webhookOf(usualWebhookBytes) : batchOf(1)));
  const runs: Record<Subject, PlainRun[]> = { bare: [], relay: [], peer: [] };
  for (let turn = 0; turn < plainStarts; turn += 1)
    for (const subject of inTurn(all, turn))
      runs[subject].push(await runPlain(setting, subject, kind, eventFile));
  for (const subject of all) {
    add(subject, figureNames.loaded, Math.min(...runs[subject].map(({ loadedMs }) => loadedMs)));
    add(subject, figureNames.answered, Math.min(...runs[subject].map(({ answeredMs }) => answeredMs)));
  }
}

function runPlain(
  setting: Setting,
  subject: Subject,
  kind: 'webhook' | 'sender',
  eventFile: string,
): Promise<PlainRun> {
  const { projectRoot, nodeBinary, subjects, folder, neighbours } = setting;
  return runPlainProcess({
    nodeBinary,
    host: join(projectRoot, 'bench/functions/plain-host.cjs'),
    bundle: subject === 'bare' ? subjects.bare : subjects[subject][kind],
    eventFile,
    environment: {
      ...environmentOf(neighbours, folder),
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
}

async function measureWebhook(setting: Setting, subject: Subject, add: Sample): Promise<void> {
  const { subjects } = setting;
  const bundle = subject === 'bare' ? subjects.bare : subjects[subject].webhook;
  const webhook = async (bytes: number) => {
    const { answer, answerMs } = await process.invoke(webhookOf(bytes));
    if (Object(answer).statusCode !== 200) throw new Error(`${bundle} answered ${JSON.stringify(answer)}`);
    return answerMs;
  };
  const process = await start(setting, bundle);
  try {
    await measureFirst(
      process,
      () => webhook(usualWebhookBytes),
      (what, value) => add(subject, what, value),
    );
    for (let count = 0; count < warmUpInvocations; count += 1) await webhook(usualWebhookBytes);
    for (const bytes of webhookBytes) {
      const cpuMs = await cpuOf(process, async () => {
        for (let count = 0; count < webhooksOfASize; count += 1) await webhook(bytes);
      });
      add(subject, figureNames.cpuOfWebhook(bytes), cpuMs / webhooksOfASize);
    }
    add(subject, figureNames.memory, (await process.usage()).peakMemoryMb);
  } finally {
    await process.stop();
  }
}

async function measureSender(setting: Setting, subject: 'relay' | 'peer', add: Sample): Promise<void> {
  const { neighbours, subjects } = setting;
  const bundle = subjects[subject].sender;
  const process = await start(setting, bundle);
  const sendAll = (size: number) => send(process, bundle, size);
  await neighbours.counts();
  try {
    await measureFirst(
      process,
      () => sendAll(1),
      (what, value) => add(subject, what, value),
    );
    for (let count = 0; count < warmUpInvocations; count += 1) await sendAll(1);
    for (const { size, count: times } of batches) {
      await neighbours.counts();
      const cpuMs = await cpuOf(process, async () => {
        for (let count = 0; count < times; count += 1) await sendAll(size);
      });
      add(subject, figureNames.cpuOfMessage(size), cpuMs / (times * size));
      const { aws, connectly } = await neighbours.counts();
      const sent = connectly.requests['POST'];
      if (sent !== times * size) throw new Error(`${bundle} sent ${sent} of ${times * size} messages.`);
      if (size === 1_000) add(subject, figureNames.awsCalls, totalOf(aws.requests) / (times * size));
    }
    add(subject, figureNames.memory, (await process.usage()).peakMemoryMb);
  } finally {
    await process.stop();
  }
}

/** Single sends with a pause between them, as they come while nothing much goes on. */
async function countConnections(setting: Setting, subject: 'relay' | 'peer', add: Sample): Promise<void> {
  const { neighbours, subjects } = setting;
  const bundle = subjects[subject].sender;
  const process = await start(setting, bundle);
  await neighbours.counts();
  try {
    for (let count = 0; count < singleSends; count += 1) {
      await send(process, bundle, 1);
      await sleep(betweenSendsMs);
    }
  } finally {
    await process.stop();
  }
  const { aws, connectly } = await neighbours.counts();
  add(subject, figureNames.toConnectly, connectly.connections);
  add(subject, figureNames.toAws, aws.connections);
}

/** Resolves to the milliseconds until the answer. Rejects unless all of them were sent. */
async function send(process: FunctionProcess, bundle: string, size: number): Promise<number> {
  const { answer, answerMs } = await process.invoke(batchOf(size));
  const failed: unknown = Object(answer).batchItemFailures;
  if (!Array.isArray(failed) || failed.length > 0)
    throw new Error(`${bundle} answered ${JSON.stringify(answer).slice(0, 200)}`);
  return answerMs;
}

async function measureFirst(
  process: FunctionProcess,
  invoke: () => Promise<number>,
  add: (what: string, value: number) => void,
): Promise<void> {
  add(figureNames.ready, process.readyMs);
  const { cpuMs } = await process.usage();
  let answerMs = Number.NaN;
  const firstCpuMs = await cpuOf(process, async () => {
    answerMs = await invoke();
  });
  add(figureNames.firstAnswer, process.readyMs + answerMs);
  add(figureNames.cpuReady, cpuMs);
  add(figureNames.cpuFirst, firstCpuMs);
}

/** What the function's process takes of the processor meanwhile, in milliseconds. */
async function cpuOf(process: FunctionProcess, work: () => Promise<void>): Promise<number> {
  const before = await process.usage();
  await work();
  return (await process.usage()).cpuMs - before.cpuMs;
}

function totalOf(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

function start(setting: Setting, bundle: string): Promise<FunctionProcess> {
  const { projectRoot, nodeBinary, neighbours, folder } = setting;
  const environment = environmentOf(neighbours, folder);
  return startFunctionProcess({ projectRoot, nodeBinary, bundle, memoryMb, environment });
}

/** Where the neighbours' certificate is. */
export const certificateIn = (folder: string) => join(folder, 'certificate.pem');

function environmentOf({ awsUrl, connectlyUrl }: Neighbours, folder: string): Record<string, string> {
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

async function measureVerifiers({ nodeBinary, projectRoot, subjects, rounds }: Setting) {
  const program = join(projectRoot, 'bench/functions/verify-loop.mjs');
  const bundles = [subjects.relay.verifiers, subjects.peer.verifiers];
  const figures = new Map<string, Record<number, number>>();
  for (const bytes of verifiedBytes) {
    const { stdout } = await run(nodeBinary, [program, String(rounds), String(bytes), ...bundles]);
    for (const [name, taken] of Object.entries(Object(JSON.parse(stdout)))) {
      if (!Array.isArray(taken)) throw new TypeError(`${name} gave no numbers.`);
      const sorted = taken.map(Number).toSorted((one, other) => one - other);
      const of = figures.get(name) ?? {};
      figures.set(name, { ...of, [bytes]: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN });
    }
  }
  return Array.from(figures, ([name, microseconds]): VerifierFigure => ({ name, microseconds }));
}
