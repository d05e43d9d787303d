import { RelayError } from '../lib/errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** A command that cannot go on, with the exit code that says why. The message names the next command to type. */
export class CommandError extends RelayError {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.exitCode = exitCode;
  }
}

/** What was typed cannot be meant. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.usage, 'usage', message, options);
}

/** Something here is missing or set wrongly; nothing was tried. */
export function configurationError(code: string, message: string, options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.configuration, code, message, options);
}
