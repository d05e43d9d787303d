import { type ChildProcess, fork } from 'node:child_process';
import type { Change } from '../harness/planted-changes.ts';
import { bundleProcess } from './bundle.ts';
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

/** `projectRoot` is a path. */
export async function buildSender(
  projectRoot: string,
  changes: readonly Change[] = [],
): Promise<BuiltSender> {
  const bundle = await bundleProcess('sender-process.ts', projectRoot, changes);
  return {
    start: (environment) => startProcess(bundle.path, environment),
    remove: () => bundle.remove(),
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
