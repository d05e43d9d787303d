import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSamples, type Figure, figureNames, inTurn, spreadOf } from './figures.ts';
import type { Setting } from './setting.ts';
import { measureStarts } from './starts.ts';
import { kilobytesOf } from './subjects.ts';
import { countConnections, measureSender, measureWebhook } from './warm.ts';

const run = promisify(execFile);

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

const verifiedBytes = [2_000, 64_000];

const both = ['relay', 'peer'] as const;
const all = ['bare', ...both] as const;

/** Everything, in rounds: in each of them every subject has its turn, and they take turns at being first. */
export async function measure(setting: Setting): Promise<Measurements> {
  const { rounds, subjects, progress } = setting;
  const webhook = createSamples();
  const sender = createSamples();
  for (let round = 0; round < rounds; round += 1) {
    progress(`Round ${round + 1} of ${rounds}: webhooks`);
    await measureStarts(setting, 'webhook', webhook.add);
    for (const subject of inTurn(all, round)) await measureWebhook(setting, subject, webhook.add);
    progress(`Round ${round + 1} of ${rounds}: sends`);
    await measureStarts(setting, 'sender', sender.add);
    for (const subject of inTurn(both, round)) {
      await measureSender(setting, subject, sender.add);
      await countConnections(setting, subject, sender.add);
    }
  }
  progress('Verifiers');
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

async function measureVerifiers({ nodeBinary, projectRoot, subjects, rounds }: Setting) {
  const program = join(projectRoot, 'bench/functions/verify-loop.mjs');
  const bundles = [subjects.relay.verifiers, subjects.peer.verifiers];
  const figures = new Map<string, Record<number, number>>();
  for (const bytes of verifiedBytes) {
    const { stdout } = await run(nodeBinary, [program, String(rounds), String(bytes), ...bundles]);
    for (const [name, taken] of Object.entries(Object(JSON.parse(stdout)))) {
      if (!Array.isArray(taken)) throw new TypeError(`${name} gave no numbers.`);
      figures.set(name, { ...figures.get(name), [bytes]: spreadOf(taken.map(Number)).median });
    }
  }
  return Array.from(figures, ([name, microseconds]): VerifierFigure => ({ name, microseconds }));
}
