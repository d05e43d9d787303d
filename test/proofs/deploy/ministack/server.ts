import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { Server, StartOptions } from '../emulator.ts';
import { startServer } from '../server-process.ts';

/** Starts MiniStack's server on a free port. */
export async function startMiniStack(options: StartOptions): Promise<Server> {
  const { projectRoot, commands, nodeBinary, region, accountId, plain } = options;
  const launcher = join(projectRoot, 'test/proofs/deploy/launchers/start_ministack.py');
  const folder = join(options.folder, `ministack${plain ? '-plain' : ''}`);
  await mkdir(folder);
  // Its own scripts are CommonJS, and lie below a project that says otherwise.
  await writeFile(join(folder, 'package.json'), '{}');
  return startServer({
    name: 'MiniStack',
    file: join(commands, 'python'),
    arguments: [launcher, ...(plain ? ['--plain'] : [])],
    environment: {
      // It runs functions with the "node" that it finds.
      PATH: [dirname(nodeBinary), process.env['PATH']].join(delimiter),
      HOME: folder,
      TMPDIR: folder,
      // By default it listens on every interface.
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(await freePort()),
      MINISTACK_REGION: region,
      MINISTACK_ACCOUNT_ID: accountId,
    },
    logFile: join(folder, 'ministack.log'),
    readyLine: /Running on (http:\/\/127\.0\.0\.1:\d+)/,
  });
}

/** A port of 127.0.0.1 that nobody has at the moment: it wants to be told. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
