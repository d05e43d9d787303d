import { setTimeout as sleep } from 'node:timers/promises';
import { figureNames, type Sample, type Subject } from './figures.ts';
import { cpuOf, receive, type Setting, send, startSubject, usualWebhookBytes } from './setting.ts';

const webhookBytes = [200, 2_000, 64_000, 256_000];
const webhooksOfASize = 100;

/** How many batches make a mean that stands still. */
const batches = [
  { size: 1, count: 100 },
  { size: 10, count: 30 },
  { size: 100, count: 8 },
  { size: 1_000, count: 3 },
];

/** For the compiler, before anything is measured. */
const warmUp = { single: 1_000, batches: 2 };

const singleSends = 50;
const betweenSendsMs = 50;

export async function measureWebhook(setting: Setting, subject: Subject, add: Sample): Promise<void> {
  const process = await startSubject(setting, subject, 'webhook');
  try {
    await times(warmUp.single, () => receive(process, usualWebhookBytes));
    for (const bytes of webhookBytes) {
      const cpuMs = await cpuOf(process, () => times(webhooksOfASize, () => receive(process, bytes)));
      add(subject, figureNames.cpuOfWebhook(bytes), cpuMs / webhooksOfASize);
    }
    add(subject, figureNames.memory, (await process.usage()).peakMemoryMb);
  } finally {
    await process.stop();
  }
}

export async function measureSender(setting: Setting, subject: 'relay' | 'peer', add: Sample): Promise<void> {
  const { neighbours } = setting;
  const process = await startSubject(setting, subject, 'sender');
  try {
    await times(warmUp.single, () => send(process, 1));
    await times(warmUp.batches, () => send(process, 1_000));
    for (const { size, count } of batches) {
      await neighbours.counts();
      const cpuMs = await cpuOf(process, () => times(count, () => send(process, size)));
      const { aws, connectly } = await neighbours.counts();
      const sent = connectly.requests['POST'];
      if (sent !== count * size) throw new Error(`The ${subject} sent ${sent} of ${count * size} messages.`);
      add(subject, figureNames.cpuOfMessage(size), cpuMs / sent);
      if (size === 1_000) add(subject, figureNames.awsCalls, totalOf(aws.requests) / sent);
    }
    add(subject, figureNames.memory, (await process.usage()).peakMemoryMb);
  } finally {
    await process.stop();
  }
}

/** Single sends with a pause between them, as they come while nothing much goes on. */
export async function countConnections(
  setting: Setting,
  subject: 'relay' | 'peer',
  add: Sample,
): Promise<void> {
  const { neighbours } = setting;
  const process = await startSubject(setting, subject, 'sender');
  try {
    await neighbours.counts();
    await times(singleSends, async () => {
      await send(process, 1);
      await sleep(betweenSendsMs);
    });
  } finally {
    await process.stop();
  }
  const { aws, connectly } = await neighbours.counts();
  add(subject, figureNames.toConnectly(singleSends), connectly.connections);
  add(subject, figureNames.toAws(singleSends), aws.connections);
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 1) await work();
}

function totalOf(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}
