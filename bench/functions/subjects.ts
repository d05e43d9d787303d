import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { asDeployed, buildFunctions } from '../../build.mjs';

const run = promisify(execFile);

/** The built files of everything that is measured. */
export interface Subjects {
  readonly bare: string;
  readonly relay: Readonly<Record<'webhook' | 'sender' | 'settler' | 'verifiers', string>>;
  readonly peer: Readonly<Record<'webhook' | 'sender' | 'verifiers', string>>;
}

/**
 * Builds the relay's functions as they ship, and the peers with the same options of esbuild. What only the relay has is
 * its plugin, which leaves out what never runs.
 */
export async function buildSubjects(projectRoot: string, folder: string): Promise<Subjects> {
  const peersFolder = await installPeers(projectRoot);
  const relayFolder = join(folder, 'relay');
  const peerFolder = join(folder, 'peer');
  await buildFunctions(relayFolder, projectRoot);
  await buildLikeFunctions(projectRoot, ['bench/functions/relay-verifier.ts'], join(folder, 'verifier'));
  const entries = ['webhook.ts', 'sender.ts', 'verifiers.ts'];
  await buildLikeFunctions(peersFolder, entries, peerFolder);
  const bare = join(folder, 'bare.cjs');
  await copyFile(join(projectRoot, 'bench/functions/bare.cjs'), bare);
  return {
    bare,
    relay: {
      webhook: join(relayFolder, 'receive-webhook.cjs'),
      sender: join(relayFolder, 'send-message.cjs'),
      settler: join(relayFolder, 'settle-send.cjs'),
      verifiers: join(folder, 'verifier/relay-verifier.cjs'),
    },
    peer: {
      webhook: join(peerFolder, 'webhook.cjs'),
      sender: join(peerFolder, 'sender.cjs'),
      verifiers: join(peerFolder, 'verifiers.cjs'),
    },
  };
}

export async function kilobytesOf(bundle: string): Promise<number> {
  return (await stat(bundle)).size / 1000;
}

async function buildLikeFunctions(
  root: string,
  entryPoints: readonly string[],
  outdir: string,
): Promise<void> {
  await build({
    ...asDeployed,
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outdir,
    outExtension: { '.js': '.cjs' },
  });
}

/**
 * The sources of the peers beside their packages, which are installed below `.relay/tools`, unless the lock file's are
 * there already. Nothing of theirs runs while they are installed.
 */
async function installPeers(projectRoot: string): Promise<string> {
  const from = join(projectRoot, 'bench/peers');
  const folder = join(projectRoot, '.relay/tools/peers');
  const lock = await readFile(join(from, 'package-lock.json'), 'utf8');
  // Written last, so that an installation which was broken off counts for nothing.
  const stamp = join(folder, 'installed');
  const isInstalled = (await readFile(stamp, 'utf8').catch(() => '')) === lock;
  if (!isInstalled) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(from)) await copyFile(join(from, file), join(folder, file));
  if (!isInstalled) {
    await run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--silent']);
    await writeFile(stamp, lock);
  }
  return folder;
}
