import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Change, plantChanges } from '../harness/planted-changes.ts';
import type { Task, TaskReport } from './task.ts';

/** The shipped sender in a process of its own. */
export interface SenderProcess {
  /** Never rejects: a process that ends crashes all that it has to do. */
  run(task: Omit<Task, 'id'>): Promise<TaskReport>;
  stop(): void;
}

/** A bundle of the sender. */
export interface BuiltSender {
  /** `environment` is all that the process has. */
  start(environment: Readonly<Record<string, string>>): SenderProcess;
  remove(): Promise<void>;
}

let builds = 0;

/** Bundles the sender as the functions are, with changes planted where there are any. `projectRoot` is a path. */
export async function buildSender(
  projectRoot: string,
  changes: readonly Change[] = [],
): Promise<BuiltSender> {
  const outfile = join(projectRoot, `build/hostile/${process.pid}-${(builds += 1)}.cjs`);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, 'test/proofs/hostile/sender-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'error',
    plugins: [plantChanges(changes, projectRoot)],
  });
  return {
    start: (environment) => startProcess(outfile, environment),
    remove: () => rm(outfile),
  };
}

function startProcess(bundle: string, environment: Readonly<Record<string, string>>): SenderProcess {
  const child: ChildProcess = fork(bundle, { env: { ...environment }, execArgv: [] });
  const waiting = new Map<
    number,
    { readonly task: Omit<Task, 'id'>; readonly resolve: (report: TaskReport) => void }
  >();
  let tasks = 0;
  let isOver = false;
  child.on('message', (report: TaskReport) => {
    waiting.get(report.id)?.resolve(report);
    waiting.delete(report.id);
  });
  child.on('exit', () => {
    isOver = true;
    for (const [id, { task, resolve }] of waiting) resolve(crashed(id, task));
    waiting.clear();
  });
  return {
    run: (task) =>
      new Promise((resolve) => {
        const id = (tasks += 1);
        if (isOver) return resolve(crashed(id, task));
        waiting.set(id, { task, resolve });
        child.send({ ...task, id });
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}

function crashed(id: number, { calls }: Omit<Task, 'id'>): TaskReport {
  return { id, verdicts: calls.map(() => 'crashes'), mostMemoryBytes: 0 };
}
