import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { isAlive } from '../../local/is-alive.ts';
import { configurationError, systemCode } from '../errors.ts';
import { type NamedFile, readIfPresent } from './files.ts';

/** In containers another process, after a restart, may have the same id. */
const thisRun = randomUUID();

const holderSchema = z.strictObject({ pid: z.int(), host: z.string(), run: z.string() });

/**
 * Keeps other processes away from a file, by another one beside it that holds the id of this process. One that a killed
 * process has left counts for nothing. Resolves to what gives the file free again; throws when it is in use.
 */
export async function lockFile({ name, path }: NamedFile): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  if (!(await create(lock))) await takeFromTheDead(lock, name);
  return () => rm(lock, { force: true });
}

/** Only one of those who see a dead holder may take its lock away: another one could take away the new one. */
async function takeFromTheDead(lock: string, name: string): Promise<void> {
  const turn = `${lock}.turn`;
  if (await isHeld(lock)) throw inUse(name, `${name}.lock`);
  if (!(await create(turn))) throw inUse(name, `${name}.lock.turn`);
  try {
    if (await isHeld(lock)) throw inUse(name, `${name}.lock`);
    await rm(lock, { force: true });
    if (!(await create(lock))) throw inUse(name, `${name}.lock`);
  } finally {
    await rm(turn, { force: true });
  }
}

/** Resolves to whether there was none. */
async function create(lock: string): Promise<boolean> {
  try {
    const holder = JSON.stringify({ pid: process.pid, host: hostname(), run: thisRun });
    await writeFile(lock, holder, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What holds no process yet is just being written. */
async function isHeld(lock: string): Promise<boolean> {
  const content = await readIfPresent(lock);
  if (content === undefined) return false;
  const { data: holder } = holderSchema.safeParse(parseJson(content.toString()));
  // Of a process elsewhere nobody here knows whether it lives.
  if (holder === undefined || holder.host !== hostname()) return true;
  return holder.pid === process.pid ? holder.run === thisRun : isAlive(holder.pid);
}

function inUse(name: string, lock: string): Error {
  return configurationError(
    'ledger-in-use',
    `Another relay bulk is at work with ${name}. Wait until it has ended; if there is none, remove ${lock}`,
  );
}
