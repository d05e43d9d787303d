import { RelayError } from '../lib/errors.ts';

/** How `relay` ends: what a script can tell apart. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  /** Something here is missing or set wrongly; nothing was tried. */
  configuration: 3,
  credentials: 4,
  refusedByConnectly: 5,
  partlyDone: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Each exit code in words, for the help and the reference. */
export const exitCodeMeanings: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: exitCodes.ok, meaning: 'ok' },
  { code: exitCodes.unexpected, meaning: 'unexpected' },
  { code: exitCodes.usage, meaning: 'usage' },
  { code: exitCodes.configuration, meaning: 'configuration or preflight' },
  { code: exitCodes.credentials, meaning: 'credentials' },
  { code: exitCodes.refusedByConnectly, meaning: 'refused by Connectly' },
  { code: exitCodes.partlyDone, meaning: 'partly done' },
  { code: exitCodes.interrupted, meaning: 'interrupted' },
];

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

/** Part of the work is done. */
export function partlyDoneError(code: string, message: string, options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.partlyDone, code, message, options);
}

/** Ctrl-C. The message says what is done, and how to go on. */
export function interruptedError(message: string): CommandError {
  return new CommandError(exitCodes.interrupted, 'interrupted', message);
}

/** Connectly's answer was an error, or no answer. `code` is Connectly's where it gave one, else `connectly-<status>`. */
export class ConnectlyError extends RelayError {
  /** The HTTP status; undefined when none came. */
  readonly status: number | undefined;
  readonly traceId: string | undefined;

  constructor(
    code: string,
    message: string,
    details: { status?: number; traceId?: string | undefined } = {},
  ) {
    super(code, message);
    this.name = 'ConnectlyError';
    this.status = details.status;
    this.traceId = details.traceId;
  }
}

/** What Node calls an error of the system, such as ENOENT; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** The same for a sentence, with a space before it; empty for any other error. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return code === undefined ? '' : ` (${code})`;
}

export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  /** The message, where it quotes a tool of this machine that prints several lines; a line feed in any other is foreign. */
  readonly lines?: readonly string[];
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
    const { code, message } = error;
    const lines = code === 'packaging-failed' && { lines: message.split('\n') };
    return { exitCode: exitCodes.configuration, code, message, ...lines };
  }
  const ofAws = awsFailure(error);
  if (ofAws !== undefined) return ofAws;
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.unexpected, code: 'unexpected', message };
}

function connectlyFailure({ status, code, message, traceId }: ConnectlyError): Failure {
  const trace = traceId === undefined ? '' : ` (Connectly's trace id: ${traceId})`;
  return { exitCode: connectlyExitCode(status), code, message: `${message}${trace}` };
}

/** How a command ends after an answer of Connectly with this HTTP status; undefined when none came. */
export function connectlyExitCode(status: number | undefined): ExitCode {
  if (status === undefined) return exitCodes.unexpected;
  return status === 401 || status === 403 ? exitCodes.credentials : exitCodes.refusedByConnectly;
}

/** Names of the errors by which AWS's clients say that it is about who asks. */
const credentialErrors =
  /^(CredentialsProviderError|TokenProviderError|AccessDenied|UnrecognizedClient|InvalidSignature|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|IncompleteSignature|AuthFailure|AuthorizationError|NotAuthorized|UnauthorizedOperation|MissingAuthenticationToken)/;

/** What Node calls a network that does not lead there. */
const networkErrors = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|TimeoutError)/;

/** What OpenSSL calls a certificate that nobody vouches for. */
const untrusted = /SELF_SIGNED_CERT|^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)/;

/** For whoever sees that nothing answers: the way out may lead through a proxy that nobody has named. */
export const proxyHint = 'Where a proxy leads out, HTTPS_PROXY must name it: http://HOST:PORT';

/** What an error of an AWS client means for a person; undefined when it is none. */
function awsFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const reason = systemCode(error) ?? error.name;
  if (credentialErrors.test(error.name)) {
    const denied = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|AuthorizationError)/.test(
      error.name,
    );
    return {
      exitCode: exitCodes.credentials,
      code: denied ? 'access-denied' : 'credentials',
      message: denied
        ? `AWS refuses this (${error.name}): ${error.message}. Ask for the permission, or choose another --profile.`
        : `There are no AWS credentials that work (${error.name}). Choose a --profile, or sign in: aws sso login, aws configure.`,
    };
  }
  if (networkErrors.test(reason) && ('$metadata' in error || 'syscall' in error)) {
    return {
      exitCode: exitCodes.configuration,
      code: 'aws-unreachable',
      message: `AWS does not answer (${reason}). Check --region and the network. ${proxyHint}`,
    };
  }
  if (untrusted.test(reason)) {
    return {
      exitCode: exitCodes.configuration,
      code: 'certificate-untrusted',
      message: `What answers there has a certificate that Node does not trust (${reason}). Where a proxy looks into TLS, name the file of its authority: NODE_EXTRA_CA_CERTS=/path/to/ca.pem`,
    };
  }
  // The SDK could not read what came.
  if ('$response' in error && !('$fault' in error)) {
    return {
      exitCode: exitCodes.configuration,
      code: 'aws-unreadable',
      message:
        'What answers in the place of AWS does not speak as AWS does. Where a proxy or an emulator is on the way, ask whoever runs it.',
    };
  }
  if (!('$fault' in error)) return undefined;
  return {
    exitCode: exitCodes.unexpected,
    code: 'aws-error',
    message: `AWS answered ${error.name}: ${error.message}`,
  };
}
