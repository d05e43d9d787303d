import { constants } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { RelayError } from '../../lib/errors.ts';
import { isIdentifiedBy } from '../aws/identity.ts';
import { isAlive } from '../is-alive.ts';
import { noFollow } from '../links.ts';
import { isLoopbackUrl } from '../loopback.ts';

const stateSchema = z.object({
  /** The process that runs the stack. */
  pid: z.number(),
  region: z.string(),
  accountId: z.string(),
  stage: z.string(),
  awsUrl: z.string(),
  /** With which the stack answers there, and no other program. */
  token: z.string(),
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
  const draft = `${file}.${process.pid}`;
  await mkdir(join(projectRoot, '.relay'), { recursive: true });
  // What lies there is of a dead process, or a link to somebody's file.
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, {
    flag: 'wx',
    // Whoever knows the token can pass for the stack.
    mode: 0o600,
  });
  await rename(draft, file);
}

/**
 * Resolves to undefined when no stack runs. A file left by one that was killed counts as none, even when its process id
 * or its port has gone to another program since. Throws `local-state-refused` for a file that names another machine:
 * commands would send texts and secrets there.
 */
export async function readState(projectRoot: string): Promise<LocalState | undefined> {
  const state = await parseState(projectRoot);
  if (state === undefined) return undefined;
  const { awsUrl, connectlyUrl, webhookUrl, outputs } = state;
  // A client of SQS goes wherever the URL of its queue points to.
  const queueUrls = Object.entries(outputs).flatMap(([name, value]) =>
    /(Queue|Dlq)Url$/.test(name) ? [value] : [],
  );
  if (![awsUrl, connectlyUrl, webhookUrl, ...queueUrls].every(isLoopbackUrl)) {
    throw new RelayError(
      'local-state-refused',
      'The file .relay/local.json names an address that is not on this machine, and no local stack wrote that. Remove the file, then: npm start',
    );
  }
  return isAlive(state.pid) && (await isIdentifiedBy(state.token, awsUrl)) ? state : undefined;
}

/** Removes the file, unless another stack has written it since. */
export async function removeState(projectRoot: string): Promise<void> {
  const state = await parseState(projectRoot);
  if (state?.pid === process.pid) await rm(stateFile(projectRoot), { force: true });
}

async function parseState(projectRoot: string): Promise<LocalState | undefined> {
  try {
    const text = await readFile(stateFile(projectRoot), {
      encoding: 'utf8',
      flag: constants.O_RDONLY | noFollow,
    });
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
