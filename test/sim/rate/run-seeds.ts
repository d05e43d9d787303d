import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createDispatcher } from '../../../lib/delivery/dispatcher.ts';
import type { Options } from './options.ts';
import { findScene, type Scene } from './scenes.ts';
import { type Report, simulate } from './simulate.ts';

export interface Run {
  readonly scene: string;
  readonly seed: number;
  readonly report: Report;
  /** How long the simulation itself took. */
  readonly tookSeconds: number;
}

/**
 * Runs every scene with every seed, the seeds beside each other, each in a thread of the same program; there it calls
 * `runOneSeed`. `onRun` is called as runs end.
 */
export async function runSeeds(
  { seeds, messages, scenes }: Options,
  program: URL,
  onRun: (run: Run) => void,
): Promise<void> {
  await Promise.all(
    seeds.map(
      (seed) =>
        new Promise<void>((resolve, reject) => {
          const named = scenes.flatMap(({ name }) => ['--scene', name]);
          const argv = ['--seed', String(seed), '--messages', String(messages), ...named];
          const worker = new Worker(program, { argv });
          worker.on('message', onRun);
          worker.on('error', reject);
          worker.on('exit', (code) =>
            code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}.`)),
          );
        }),
    ),
  );
}

/** What a thread does: the scenes of one seed, one after the other. */
export async function runOneSeed({ seeds: [seed = 0], messages, scenes }: Options): Promise<void> {
  for (const { name, vendor, ratePerSecond } of scenes) {
    const startedAt = performance.now();
    const report = await simulate({ messages, seed, vendor, ratePerSecond, createDispatcher });
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows; this is a thread
    parentPort?.postMessage({ scene: name, seed, report, tookSeconds } satisfies Run);
  }
}

export const isThread = !isMainThread;

export function sceneOf({ scene: name }: Run): Scene {
  const scene = findScene(name);
  if (scene === undefined) throw new Error(`there is no scene "${name}"`);
  return scene;
}
