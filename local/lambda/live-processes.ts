import type { ChildProcess } from 'node:child_process';

const live = new Set<ChildProcess>();
let watching = false;

/**
 * Makes sure that a child process does not outlive this one when it exits. (When it is killed it can do nothing: then
 * the child notices by itself that its connection is gone.)
 */
export function endWithThisProcess(child: ChildProcess): void {
  if (!watching) {
    watching = true;
    process.on('exit', () => {
      for (const each of live) killTree(each);
    });
  }
  live.add(child);
  child.once('exit', () => live.delete(child));
}

/** Kills a child that leads a process group of its own, and whatever it has started. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
