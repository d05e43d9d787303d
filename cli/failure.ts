import { RelayError } from '../lib/errors.ts';
import { PackagingError } from '../local/template/serverless-package.ts';
import { TemplateError } from '../local/template/template-error.ts';
import { awsFailure } from './aws-failure.ts';
import { CommandError } from './command-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { ConnectlyError } from './webhook/registrations.ts';

export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
}

/** What a person is told about an error, and how the process ends. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError)
    return { exitCode: error.exitCode, code: error.code, message: error.message };
  if (error instanceof ConnectlyError) return connectlyFailure(error);
  if (error instanceof RelayError) {
    const cause = awsFailure(error.cause);
    // Our own message says what was wanted, AWS's why it was not to be had.
    if (cause !== undefined) return { ...cause, message: `${error.message} ${cause.message}` };
  }
  if (error instanceof RelayError || error instanceof PackagingError || error instanceof TemplateError) {
    return { exitCode: exitCodes.configuration, code: error.code, message: error.message };
  }
  const ofAws = awsFailure(error);
  if (ofAws !== undefined) return ofAws;
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.unexpected, code: 'unexpected', message };
}

function connectlyFailure({ status, code, message, traceId }: ConnectlyError): Failure {
  const trace = traceId === undefined ? '' : ` (Connectly's trace id: ${traceId})`;
  return { exitCode: exitCodeFor(status), code, message: `${message}${trace}` };
}

function exitCodeFor(status: number | undefined): ExitCode {
  if (status === undefined) return exitCodes.unexpected;
  return status === 401 || status === 403 ? exitCodes.credentials : exitCodes.refusedByConnectly;
}
