import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Shipped } from '../harness/shipped.ts';
import type { Stage } from '../sends/stage.ts';
import { sceneNamed } from './scenes.ts';
import { type Report, simulate } from './simulate.ts';

/** One scene with one seed. */
export interface Job {
  readonly scene: string;
  readonly seed: number;
  readonly messages: number;
}

export interface Run extends Job {
  readonly report: Report;
  /** Of processor time, which the simulation itself took. */
  readonly cpuSeconds: number;
}

/** Most objects live for one batch of a thousand messages: with room for several, few are ever copied. */
const execArgv = ['--min-semi-space-size=64', '--max-semi-space-size=128'];

/**
 * Runs jobs in as many processes of a program as there are processors, each taking the next one when it is done; there
 * it calls `serveJobs`. `onRun` is called as runs end.
 */
export async function runJobs(
  jobs: readonly Job[],
  { program, cwd }: { readonly program: string; readonly cwd: string },
  onRun: (run: Run) => void,
): Promise<void> {
  const left = [...jobs];
  const workers = Math.min(availableParallelism(), jobs.length);
  await Promise.all(
    Array.from({ length: workers }, () => work(fork(program, [], { execArgv, cwd }), left, onRun)),
  );
}

function work(worker: ChildProcess, left: Job[], onRun: (run: Run) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const job = left.shift();
      if (job === undefined) worker.disconnect();
      else worker.send(job);
    };
    worker.on('message', (run: Run) => {
      onRun(run);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))));
    next();
  });
}

/** What a worker does: one job after the other, until nobody has one for it. */
export function serveJobs(shipped: Shipped, stage: Stage): void {
  process.on('message', (job: Job) => {
    void runJob(job, shipped, stage).then((run) => process.send?.(run));
  });
}

async function runJob(job: Job, shipped: Shipped, stage: Stage): Promise<Run> {
  const scene = sceneNamed(job.scene);
  const before = process.cpuUsage();
  const report = await simulate({ shipped, stage, ...job, scene });
  const { user, system } = process.cpuUsage(before);
  return { ...job, report, cpuSeconds: (user + system) / 1e6 };
}

/** Whether this process is a worker. */
export const isWorker = process.send !== undefined;
