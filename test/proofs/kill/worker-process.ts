import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * The process at the other end of a loopback connection, among the children of this one; undefined when it has gone.
 * Linux says so in /proc, and only there.
 */
export async function processBehind(socket: Socket): Promise<number | undefined> {
  const { remotePort, localPort } = socket;
  if (remotePort === undefined || localPort === undefined) return undefined;
  const link = await socketLink(remotePort, localPort);
  if (link === undefined) return undefined;
  for (const pid of await children()) {
    if ((await descriptors(pid)).includes(link)) return pid;
  }
  return undefined;
}

/**
 * Ends a child of this process with SIGKILL. Resolves to false when it is none: it may have ended by itself, and its
 * number may be somebody else's by now.
 */
export async function killChild(pid: number): Promise<boolean> {
  if (!(await children()).includes(pid)) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** As `socket:[inode]`, the way a descriptor of it reads. Ports are its own and its peer's. */
async function socketLink(ownPort: number, peerPort: number): Promise<string | undefined> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  for (const line of table.split('\n')) {
    const [, own = '', peer = '', , , , , , , inode] = line.trim().split(/\s+/);
    if (portOf(own) === ownPort && portOf(peer) === peerPort) return `socket:[${inode}]`;
  }
  return undefined;
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

async function children(): Promise<number[]> {
  const threads = await readdir('/proc/self/task');
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function descriptors(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  // A process may end, and a descriptor be closed, while one looks.
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}
