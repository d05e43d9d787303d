import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError, exitCodes } from '../errors.ts';
import type { Environment } from '../io.ts';

/** Rejects with `no-such-profile` when AWS's files have none of this name: the SDK would say that nothing signs in. */
export async function expectProfile(name: string, env: Environment): Promise<void> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME } = env;
  const folder = join(HOME || homedir(), '.aws');
  const known = [
    ...(await profilesIn(AWS_CONFIG_FILE || join(folder, 'config'))),
    ...(await profilesIn(AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'))),
  ];
  if (known.includes(name)) return;
  const others = known.length === 0 ? 'There is none at all' : `There are ${[...new Set(known)].join(', ')}`;
  throw new CommandError(
    exitCodes.credentials,
    'no-such-profile',
    `There is no AWS profile "${name}". ${others}. To make it: aws configure --profile ${name}`,
  );
}

/** The names of the sections; none of a file that cannot be read. */
async function profilesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const sections = text.matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^\]"']+?)["']?[ \t]*\]/gm);
  return [...sections].map(([, name = '']) => name).filter((name) => !/^(sso-session|services)\s/.test(name));
}
