import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from '../../../support/listen.ts';
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
