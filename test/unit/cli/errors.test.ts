import { describe, expect, it } from 'vitest';
import { CommandError, ConnectlyError, exitCodes, failureOf } from '../../../cli/errors.ts';
import { RelayError } from '../../../lib/errors.ts';

function named(name: string, details: object = {}): Error {
  return Object.assign(new Error('what AWS says'), { name, ...details });
}

const refused = (status: number) => new ConnectlyError(`connectly-${status}`, 'No.', { status });

const ofAws = { $fault: 'client', $metadata: {} };

describe('how a command ends', () => {
  it.each([
    ['its own error', new CommandError(exitCodes.partlyDone, 'partly', 'Half.'), 6, 'partly'],
    ['a refusal by Connectly', refused(400), 5, 'connectly-400'],
    ['an API key that Connectly refuses', refused(401), 4, 'connectly-401'],
    ['silence of Connectly', new ConnectlyError('connectly-unreachable', 'No.'), 1, 'connectly-unreachable'],
    ['no AWS credentials', named('CredentialsProviderError'), 4, 'credentials'],
    ['expired AWS credentials', named('ExpiredTokenException', ofAws), 4, 'credentials'],
    ['a missing permission', named('AccessDenied', ofAws), 4, 'access-denied'],
    [
      'a region that is none',
      named('Error', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
      3,
      'aws-unreachable',
    ],
    ['an AWS endpoint that is slow', named('TimeoutError', { $metadata: {} }), 3, 'aws-unreachable'],
    [
      'a certificate of a proxy that looks into TLS',
      named('Error', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      3,
      'certificate-untrusted',
    ],
    ['any other answer of AWS', named('Throttling', ofAws), 1, 'aws-error'],
    ['a missing secret', new RelayError('secret-not-set', 'Fill it.'), 3, 'secret-not-set'],
    [
      'a secret that may not be read',
      new RelayError('secret-unavailable', 'No.', { cause: named('AccessDeniedException', ofAws) }),
      4,
      'access-denied',
    ],
    ['a bug', new TypeError('x is not a function'), 1, 'unexpected'],
    ['something thrown that is no error', 'x', 1, 'unexpected'],
  ])('after %s', (_, error, exitCode, code) => {
    const failure = failureOf(error);

    expect(failure).toMatchObject({ exitCode, code });
    expect(failure.message).not.toBe('');
  });

  it("repeats Connectly's trace id, for its support", () => {
    const error = new ConnectlyError('connectly-400', 'No.', { status: 400, traceId: '123' });

    const { message } = failureOf(error);

    expect(message).toContain('123');
  });
});
