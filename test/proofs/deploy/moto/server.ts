import { join } from 'node:path';
import type { Server, StartOptions } from '../emulator.ts';
import { startServer } from '../server-process.ts';

/** Starts moto's server on a free port. */
export function startMoto({ projectRoot, commands, folder, plain }: StartOptions): Promise<Server> {
  const launcher = join(projectRoot, 'test/proofs/deploy/launchers/start_moto.py');
  return startServer({
    name: 'moto',
    file: join(commands, 'python'),
    arguments: [launcher, '-H', '127.0.0.1', '-p', '0', ...(plain ? ['--plain'] : [])],
    environment: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      // Wherever there is a Docker: what would run in it is played by the run.
      DOCKER_HOST: 'unix:///nowhere',
    },
    logFile: join(folder, `moto${plain ? '-plain' : ''}.log`),
    readyLine: /Running on (http:\/\/127\.0\.0\.1:\d+)/,
  });
}
