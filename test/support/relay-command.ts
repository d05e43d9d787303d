import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { stillRuns } from './lambda-functions.ts';
import type { ProjectCopy } from './project-copy.ts';

/** How long anything may take on the slowest of machines, in milliseconds: a test that waits so long has failed. */
export const patienceMs = 60_000;

export interface RelayResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RelayProcess {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves once the two outputs together hold the text `times` times. Rejects when the process ends before. */
  says(text: string, times?: number): Promise<void>;
  /** What `| true` does: nobody reads what it writes from now on. */
  stopReading(): void;
  signal(name: NodeJS.Signals): void;
  /** What a terminal does at Ctrl-C: SIGINT for the process and whatever it has started in its own group. */
  ctrlC(): void;
  /** Resolves when it has ended, and all of its output is read. */
  readonly ended: Promise<RelayResult>;
}

export interface RelayOptions {
  /** What it reads from stdin; nothing by default. */
  readonly stdin?: string | Buffer;
  /** Besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the command line of a project, as its `npm` scripts do. */
export function startRelay(project: ProjectCopy, ...args: string[]): RelayProcess {
  return startRelayWith({}, project, ...args);
}

/** Starts it with something on stdin, or in its environment. */
export function startRelayWith(
  { stdin = '', env = {} }: RelayOptions,
  project: ProjectCopy,
  ...args: string[]
): RelayProcess {
  const child = spawn(process.execPath, [project.path('cli/relay.mjs'), ...args], {
    cwd: project.root,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, as a shell makes one for each command.
    detached: true,
    env: { PATH: process.env['PATH'], HOME: project.root, ...env },
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
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    async says(text, times = 1) {
      const said = () => `${stdout}\n${stderr}`.split(text).length > times;
      await until(`that relay says "${text}"`, () => {
        if (!said() && child.exitCode !== null)
          throw new Error(`relay ended before it said "${text}": ${stderr}`);
        return said();
      });
    },
    stopReading() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    signal: (name) => void child.kill(name),
    ctrlC() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    },
    ended,
  };
}

/** Runs a command to its end. */
export function relay(project: ProjectCopy, ...args: string[]): Promise<RelayResult> {
  return startRelay(project, ...args).ended;
}

/** Runs a command to its end, with something on stdin or in its environment. */
export function relayWith(
  options: RelayOptions,
  project: ProjectCopy,
  ...args: string[]
): Promise<RelayResult> {
  return startRelayWith(options, project, ...args).ended;
}

/** Asks again and again; rejects, naming `what`, when it does not come about. */
export async function until(
  what: string,
  happened: () => boolean | Promise<boolean>,
  forMs = patienceMs,
): Promise<void> {
  const deadline = Date.now() + forMs;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(25);
  }
}

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

const stateSchema = z.object({
  pid: z.number(),
  awsUrl: z.string(),
  connectlyUrl: z.string(),
  webhookUrl: z.string(),
  businessId: z.string(),
  outputs: z.record(z.string(), z.string()),
});

/** What the running stack says of itself. */
export async function stateOf(project: ProjectCopy): Promise<z.infer<typeof stateSchema>> {
  return stateSchema.parse(JSON.parse(await project.read('.relay/local.json')));
}
