import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

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

/** Resolves to undefined when no stack runs; a file left by one that was killed counts as none. */
export async function readState(projectRoot: string): Promise<LocalState | undefined> {
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(stateFile(projectRoot), 'utf8')));
    return isAlive(state.pid) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file, unless another stack has written it since. */
export async function removeState(projectRoot: string): Promise<void> {
  const state = await readState(projectRoot);
  if (state?.pid === process.pid) await rm(stateFile(projectRoot), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
