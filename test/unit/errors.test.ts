import { describe, expect, it } from 'vitest';
import { connectionFaultOf, faultOf, RelayError } from '../../lib/errors.ts';

const named = (name: string, code?: unknown) => Object.assign(new Error('canary'), { name, code });

describe('connectionFaultOf', () => {
  it.each([
    ['a refused connection', named('Error', 'ECONNREFUSED'), 'ECONNREFUSED'],
    [
      'a certificate of somebody else',
      named('Error', 'ERR_TLS_CERT_ALTNAME_INVALID'),
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['a code that is in no list', named('Error', 'canary'), 'connection-failed'],
    ['a code that is no text', named('Error', 7), 'connection-failed'],
    ['what is no error', { code: 'ECONNREFUSED' }, 'connection-failed'],
  ])('names %s', (_, error, fault) => {
    const found = connectionFaultOf(error);

    expect(found).toBe(fault);
  });
});

describe('faultOf', () => {
  it.each([
    [
      "AWS's own name",
      named('ProvisionedThroughputExceededException'),
      'ProvisionedThroughputExceededException',
    ],
    ['a connection fault', named('Error', 'ECONNRESET'), 'ECONNRESET'],
    ['what lies at the bottom', new RelayError('a', 'b', { cause: named('X', 'EPIPE') }), 'EPIPE'],
    ['what a timeout is called', named('TimeoutError', 23), 'TimeoutError'],
    ['no error of ours', new RelayError('ledger-contended', 'canary'), undefined],
    ['no name with other characters', named('canary: +15550001111'), undefined],
    ['no name with something before it', named('canary: TypeError'), undefined],
    ['no name with something behind it', named('TypeError: canary'), undefined],
    ['no name of 65 letters', named(`A${'a'.repeat(64)}`), undefined],
    ['nothing that is no error', 'canary', undefined],
  ])('tells %s', (_, error, fault) => {
    const found = faultOf(error);

    expect(found).toBe(fault);
  });
});
