import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../is-alive.ts';

const stateSchema = z.object({
  /** The process that runs the stack. */
  pid: z.number(),
  region: z.string(),
  accountId: z.string(),
  stage: z.string(),
  awsUrl: z.string(),
  connectlyUrl: z.string(),
  webhookUrl: z.string(),
  businessId: z.string(),
  /** The outputs of the template, with local addresses. */
  outputs: z.record(z.string(), z.string()),
});

/** Where the running local stack is: written by it, read by every other command. */
export type LocalState = z.infer<typeof stateSchema>;

const stateFile = (projectRoot: string) => join(projectRoot, '.relay/local.json');

export async function writeState(projectRoot: string, state: LocalState): Promise<void> {
  const file = stateFile(projectRoot);
  await mkdir(join(projectRoot, '.relay'), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

/**
 * Resolves to undefined when no stack runs. A file left by one that was killed counts as none, even when its process id
 * has gone to another program since: containers use the same few ids again and again.
 */
export async function readState(projectRoot: string): Promise<LocalState | undefined> {
  const state = await parseState(projectRoot);
  return state !== undefined && isAlive(state.pid) && (await answers(state.awsUrl)) ? state : undefined;
}

/** Removes the file, unless another stack has written it since. */
export async function removeState(projectRoot: string): Promise<void> {
  const state = await parseState(projectRoot);
  if (state?.pid === process.pid) await rm(stateFile(projectRoot), { force: true });
}

async function parseState(projectRoot: string): Promise<LocalState | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(stateFile(projectRoot), 'utf8')));
  } catch {
    return undefined;
  }
}

/** More than a connection on one machine ever takes, in milliseconds. */
const connectTimeoutMs = 2000;

/** Whether somebody listens there. */
function answers(url: string): Promise<boolean> {
  if (!URL.canParse(url)) return Promise.resolve(false);
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: connectTimeoutMs });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
