import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildProgram } from '../../../build.mjs';
import type { Report } from './simulate.ts';

/** One scene with one seed. */
export interface Job {
  readonly scene: string;
  readonly seed: number;
  readonly messages: number;
}

export interface Done extends Job {
  readonly report: Report;
  /** Of processor time, which the simulation itself took. */
  readonly cpuSeconds: number;
}

/** Most objects live for one batch of a thousand messages: with room for several, few are ever copied. */
const execArgv = ['--min-semi-space-size=64', '--max-semi-space-size=128'];

/** Runs jobs in as many processes as there are processors, each taking the next one when it is done, and yields as they end. */
export async function* runJobs(jobs: readonly Job[], projectRoot: string): AsyncGenerator<Done> {
  const program = join(projectRoot, `build/proofs/rate-worker-${process.pid}.mjs`);
  await buildProgram(join(projectRoot, 'test/proofs/rate/worker.ts'), program);
  const left = [...jobs];
  const workers = Array.from({ length: Math.min(availableParallelism(), jobs.length) }, () =>
    fork(program, [], { execArgv, cwd: projectRoot }),
  );
  const underWay = new Map<ChildProcess, Promise<{ readonly worker: ChildProcess; readonly done: Done }>>();
  const next = (worker: ChildProcess) => {
    const job = left.shift();
    if (job === undefined) underWay.delete(worker);
    else underWay.set(worker, runIn(worker, job));
  };
  try {
    for (const worker of workers) next(worker);
    while (underWay.size > 0) {
      const { worker, done } = await Promise.race(underWay.values());
      next(worker);
      yield done;
    }
  } finally {
    for (const worker of workers) worker.kill();
    await Promise.all([program, `${program}.map`].map((path) => rm(path, { force: true })));
  }
}

function runIn(
  worker: ChildProcess,
  job: Job,
): Promise<{ readonly worker: ChildProcess; readonly done: Done }> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A worker ended with ${code}.`));
    worker.once('exit', onExit);
    worker.once('message', (done: Done) => {
      worker.off('exit', onExit);
      resolve({ worker, done });
    });
    worker.send(job);
  });
}
