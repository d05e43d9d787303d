import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { batchOf, webhookOf } from './events.ts';
import { figureNames, inTurn, type Sample, type Subject } from './figures.ts';
import { runPlainProcess } from './plain-process.ts';
import {
  bundleOf,
  cpuOf,
  environmentOf,
  type Kind,
  receive,
  type Setting,
  send,
  startSubject,
  usualWebhookBytes,
} from './setting.ts';

/** In each round, of which the fastest counts: what else the machine does makes a start slower, never faster. */
const startsInARound = 8;

const all = ['bare', 'relay', 'peer'] as const;
type Taken = readonly (readonly [what: string, value: number])[];

/** From the start of a process to its first answer: by itself, and under the runtime client. */
export async function measureStarts(setting: Setting, kind: Kind, add: Sample): Promise<void> {
  for (const startOnce of [startPlain, startUnderRuntimeClient]) {
    const least = {
      bare: new Map<string, number>(),
      relay: new Map<string, number>(),
      peer: new Map<string, number>(),
    };
    for (let turn = 0; turn < startsInARound; turn += 1) {
      for (const subject of inTurn(all, turn)) {
        const of = least[subject];
        for (const [what, value] of await startOnce(setting, subject, kind))
          of.set(what, Math.min(value, of.get(what) ?? value));
      }
    }
    for (const subject of all) for (const [what, value] of least[subject]) add(subject, what, value);
  }
}

async function startPlain(setting: Setting, subject: Subject, kind: Kind): Promise<Taken> {
  const { projectRoot, nodeBinary, folder } = setting;
  const eventFile = join(folder, `${kind}.json`);
  await writeFile(eventFile, JSON.stringify(kind === 'webhook' ? webhookOf(usualWebhookBytes) : batchOf(1)));
  const { loadedMs, answeredMs } = await runPlainProcess({
    nodeBinary,
    host: join(projectRoot, 'bench/functions/plain-host.cjs'),
    bundle: bundleOf(setting, subject, kind),
    eventFile,
    environment: {
      ...environmentOf(setting),
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  return [
    [figureNames.loaded, loadedMs],
    [figureNames.answered, answeredMs],
  ];
}

async function startUnderRuntimeClient(setting: Setting, subject: Subject, kind: Kind): Promise<Taken> {
  const process = await startSubject(setting, subject, kind);
  try {
    const { cpuMs } = await process.usage();
    let answerMs = Number.NaN;
    const firstCpuMs = await cpuOf(process, async () => {
      answerMs = await (kind === 'webhook' ? receive(process, usualWebhookBytes) : send(process, 1));
    });
    return [
      [figureNames.ready, process.readyMs],
      [figureNames.firstAnswer, process.readyMs + answerMs],
      [figureNames.cpuReady, cpuMs],
      [figureNames.cpuFirst, firstCpuMs],
    ];
  } finally {
    await process.stop();
  }
}
