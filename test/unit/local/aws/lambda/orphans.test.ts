import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, stillRuns } from '../../../../support/lambda-functions.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'relay-parent-'));
  await build({
    entryPoints: [join(projectRoot, 'test/support/lambda-parent.mjs')],
    outfile: join(directory, 'parent.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const waits = 'await new Promise((resolve) => setTimeout(resolve, 1e9));';

/** Resolves to the first line that the parent prints: the process id of what it started. */
async function startParent(source: string, file: string) {
  await Promise.all(['index.cjs', 'index.mjs'].map((each) => rm(join(directory, each), { force: true })));
  await writeFile(join(directory, file), source);
  const parent = spawn(process.execPath, [join(directory, 'parent.mjs'), directory, projectRoot], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await parent.stdout.take(1).toArray();
  return { parent, pid: Number(String(line)) };
}

async function untilGone(pid: number): Promise<void> {
  while (stillRuns(pid)) await new Promise((resolve) => void setTimeout(resolve, 10));
}

describe('a function’s process', () => {
  it.each<[string, NodeJS.Signals, string, string?]>([
    [
      'killed while an invocation runs',
      'SIGKILL',
      `exports.handler = async () => { process.stdout.write(process.pid + '\\n'); ${waits} };`,
    ],
    [
      'killed while the code loads',
      'SIGKILL',
      `process.stdout.write(process.pid + '\\n'); ${waits} export const handler = async () => {};`,
      'index.mjs',
    ],
    [
      'killed while the process is idle but has timers',
      'SIGKILL',
      `exports.handler = async () => {
      setInterval(() => {}, 1000); setTimeout(() => process.stdout.write(process.pid + '\\n'), 20); };`,
    ],
    [
      'killed while the handler never yields',
      'SIGKILL',
      `exports.handler = async () => { process.stdout.write(process.pid + '\\n'); for (;;); };`,
    ],
    [
      'killed while a process that the handler has started runs',
      'SIGKILL',
      `exports.handler = async () => {
        const { spawn } = require('node:child_process');
        process.stdout.write(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid + '\\n'); ${waits} };`,
    ],
    [
      'interrupted',
      'SIGINT',
      `exports.handler = async () => { process.stdout.write(process.pid + '\\n'); ${waits} };`,
    ],
    [
      'hung up',
      'SIGHUP',
      `exports.handler = async () => { process.stdout.write(process.pid + '\\n'); ${waits} };`,
    ],
    [
      'ended by process.exit while the handler never yields',
      'SIGUSR2',
      `exports.handler = async () => { process.stdout.write(process.pid + '\\n'); for (;;); };`,
    ],
  ])('does not outlive a parent that is %s', async (_, signal, source, file = 'index.cjs') => {
    const { parent, pid } = await startParent(source, file);
    const before = stillRuns(pid);

    parent.kill(signal);

    await untilGone(pid);
    expect(before).toBe(true);
  });
});
