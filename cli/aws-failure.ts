import { exitCodes } from './exit-codes.ts';
import type { Failure } from './failure.ts';

/** Names of the errors by which AWS's clients say that it is about who asks. */
const credentialErrors =
  /^(CredentialsProviderError|TokenProviderError|AccessDenied|UnrecognizedClient|InvalidSignature|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|IncompleteSignature|AuthFailure|NotAuthorized|UnauthorizedOperation|MissingAuthenticationToken)/;

/** What Node calls a network that does not lead there. */
const networkErrors = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|TimeoutError)/;

/** What an error of an AWS client means for a person; undefined when it is none. */
export function awsFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (credentialErrors.test(error.name)) {
    const denied = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure)/.test(error.name);
    return {
      exitCode: exitCodes.credentials,
      code: denied ? 'access-denied' : 'credentials',
      message: denied
        ? `AWS refuses this (${error.name}): ${error.message}. Ask for the permission, or choose another --profile.`
        : `There are no AWS credentials that work (${error.name}). Choose a --profile, or sign in: aws sso login, aws configure.`,
    };
  }
  const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (networkErrors.test(reason) && ('$metadata' in error || 'syscall' in error)) {
    return {
      exitCode: exitCodes.configuration,
      code: 'aws-unreachable',
      message: `AWS does not answer (${reason}). Check --region and the network.`,
    };
  }
  if (!('$fault' in error)) return undefined;
  return {
    exitCode: exitCodes.unexpected,
    code: 'aws-error',
    message: `AWS answered ${error.name}: ${error.message}`,
  };
}
