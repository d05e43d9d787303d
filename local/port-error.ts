import { RelayError } from '../lib/errors.ts';

/** Which part of the stack a port is for. */
export type PortUse = 'aws' | 'api' | 'connectly';

const names: Record<PortUse, string> = {
  aws: 'the AWS endpoint',
  api: 'the webhook',
  connectly: 'the fake Connectly',
};

/** A port that was asked for cannot be had. */
export class PortError extends RelayError {
  readonly use: PortUse;

  constructor(use: PortUse, port: number, cause: Error) {
    const taken = 'code' in cause && cause.code === 'EADDRINUSE';
    const reason = taken ? 'is taken by another program' : `cannot be used (${cause.message})`;
    super('port-unavailable', `The port ${port} for ${names[use]} ${reason}.`, { cause });
    this.use = use;
  }
}

/** Starts something that listens; a failure to do so on a given port becomes a `PortError`. */
export async function listening<Started>(
  { use, port }: { use: PortUse; port: number | undefined },
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    const isListenError = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    throw isListenError && port !== undefined ? new PortError(use, port, error) : error;
  }
}
