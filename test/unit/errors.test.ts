import { describe, expect, it } from 'vitest';
import { faultOf, RelayError, systemCodeOf } from '../../lib/errors.ts';

const named = (name: string, code?: unknown) => Object.assign(new Error('canary'), { name, code });

describe('systemCodeOf', () => {
  it.each([
    ['a refused connection', named('Error', 'ECONNREFUSED'), 'ECONNREFUSED'],
    [
      'a certificate of somebody else',
      named('Error', 'ERR_TLS_CERT_ALTNAME_INVALID'),
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['an answer that is no HTTP', named('Error', 'HPE_INVALID_STATUS'), 'HPE_INVALID_STATUS'],
    ['a code of 64 characters', named('Error', `A${'1'.repeat(63)}`), `A${'1'.repeat(63)}`],
    ['no code of 65 characters', named('Error', `A${'1'.repeat(64)}`), undefined],
    ['no code of two characters', named('Error', 'OK'), undefined],
    ['no code in small letters', named('Error', 'canary'), undefined],
    ['no code with something before it', named('Error', '1 ECONNRESET'), undefined],
    ['no code with something behind it', named('Error', 'ECONNRESET: canary'), undefined],
    ['no code in two lines', named('Error', 'ECONNRESET\nCANARY'), undefined],
    ['no code that is no text', named('Error', 7), undefined],
    ['no code in a list', named('Error', ['ECONNRESET']), undefined],
    ['nothing that is no error', { code: 'ECONNREFUSED' }, undefined],
  ])('tells %s', (_, error, fault) => {
    const found = systemCodeOf(error);

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
