import { ConnectlyError } from '../lib/connectly/webhooks.ts';
import { RelayError } from '../lib/errors.ts';
import { PackagingError } from '../local/template/serverless-package.ts';
import { TemplateError } from '../local/template/template-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** A command that cannot go on, with the exit code that says why. The message names the next command to type. */
export class CommandError extends RelayError {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.exitCode = exitCode;
  }
}

export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
}

/** What a person is told about an error, and how the process ends. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError)
    return { exitCode: error.exitCode, code: error.code, message: error.message };
  if (error instanceof ConnectlyError) {
    const credentials = error.status === 401 || error.status === 403;
    const trace = error.traceId === undefined ? '' : ` (Connectly's trace id: ${error.traceId})`;
    const exitCode =
      error.status === undefined
        ? exitCodes.unexpected
        : credentials
          ? exitCodes.credentials
          : exitCodes.refusedByConnectly;
    return { exitCode, code: error.code, message: `${error.message}${trace}` };
  }
  if (error instanceof RelayError || error instanceof PackagingError || error instanceof TemplateError) {
    return { exitCode: exitCodes.configuration, code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.unexpected, code: 'unexpected', message };
}
