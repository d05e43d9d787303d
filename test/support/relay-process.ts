import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stillRuns } from './lambda-functions.ts';
import { type StartRelay, saying } from './relay-command.ts';

/** Starts the command line of a project as its `npm` scripts do: a process of its own, from the bundle. */
export const spawnRelay: StartRelay = (
  { stdin = '', env = {}, node = process.execPath },
  { root },
  ...args
) => {
  const child = spawn(node, [join(root, 'cli/relay.mjs'), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, as a shell makes one for each command.
    detached: true,
    env: { PATH: process.env['PATH'], HOME: root, ...env },
  });
  // A command that does not read closes its end.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    says: saying({ stdout: () => stdout, stderr: () => stderr, hasEnded: () => child.exitCode !== null }),
    stopReading() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    signal: (name) => void child.kill(name),
    ctrlC() {
      // It and whatever it has started in its own group.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    },
    ended: once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr })),
  };
};

/** The ids of the processes that a process has started, and those that they have; only with `text` in their command. */
export function descendantsOf(pid: number, text = ''): number[] {
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const processes = [...table.matchAll(/^\s*(\d+)\s+(\d+)\s(.*)$/gm)].map(([, id, parent, command = '']) => ({
    id: Number(id),
    parent: Number(parent),
    command,
  }));
  const found = [{ id: pid, command: '' }];
  // Grows while it is walked.
  for (const { id } of found) found.push(...processes.filter(({ parent }) => parent === id));
  return found
    .slice(1)
    .filter(({ command }) => command.includes(text))
    .map(({ id }) => id);
}

export function noneRuns(pids: readonly number[]): boolean {
  return !pids.some(stillRuns);
}
