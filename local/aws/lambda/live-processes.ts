import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

const live = new Set<ChildProcess>();
let reaper: Writable | undefined;
let watching = false;

/**
 * Reads `+ pid` and `- pid` and, when its input ends, kills the process groups that are left. Its input ends with the
 * process that holds the other end, however that goes; a shell does it in a thousandth of what a Node.js would take.
 */
const reaperScript = `
while read -r change pid; do
  left=
  for each in $pids; do
    if [ "$each" != "$pid" ]; then left="$left $each"; fi
  done
  if [ "$change" = + ]; then left="$left $pid"; fi
  pids=$left
done
for each in $pids; do kill -s KILL -- "-$each"; done`;

/**
 * Makes sure that a child process, and whatever it has started, does not outlive this one, not even when this one is
 * killed while the child is too busy to notice. (Windows has no process groups: there a child has to notice by itself.)
 */
export function endWithThisProcess(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (!watching) {
    watching = true;
    process.on('exit', () => {
      for (const each of live) killTree(each);
    });
  }
  live.add(child);
  if (process.platform !== 'win32') reaper ??= startReaper();
  reaper?.write(`+ ${pid}\n`);
  child.once('exit', () => {
    live.delete(child);
    // What it has started goes with it, as with an environment of Lambda's.
    killGroup(pid);
    reaper?.write(`- ${pid}\n`);
  });
}

function startReaper(): Writable {
  // In a group of its own, so that Ctrl-C in a terminal does not take it away from the children.
  const shell = spawn('/bin/sh', ['-c', reaperScript], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  });
  // Children still notice by themselves that this process is gone, unless they are too busy.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return shell.stdin;
}

/** Kills a child that leads a process group of its own, and whatever it has started. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') child.kill('SIGKILL');
  else killGroup(child.pid);
}

function killGroup(leaderPid: number): void {
  try {
    if (process.platform !== 'win32') process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
