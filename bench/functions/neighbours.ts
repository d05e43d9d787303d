import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { tlsIdentity } from '../../test/support/tls-identity.ts';

/** What one of them has seen since it was last asked. */
export interface Counts {
  readonly connections: number;
  /** By the name of the operation, or the method. */
  readonly requests: Readonly<Record<string, number>>;
}

export interface Neighbours {
  readonly awsUrl: string;
  readonly connectlyUrl: string;
  /** The certificate that they show. */
  readonly certificate: string;
  counts(): Promise<{ readonly aws: Counts; readonly connectly: Counts }>;
  stop(): void;
}

/** Starts AWS and Connectly in a process of their own: what they take is not to count as a function's. */
export async function startNeighbours(projectRoot: string): Promise<Neighbours> {
  const program = join(projectRoot, 'bench/functions/neighbours.mjs');
  const child = fork(program, [JSON.stringify(tlsIdentity)], { execArgv: [] });
  const [urls] = await once(child, 'message');
  return {
    awsUrl: urls.aws,
    connectlyUrl: urls.connectly,
    certificate: tlsIdentity.cert,
    async counts() {
      const answered = once(child, 'message');
      child.send('counts');
      const [counts] = await answered;
      return counts;
    },
    stop: () => child.disconnect(),
  };
}
