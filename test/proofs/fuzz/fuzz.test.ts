import { describe, expect, it } from 'vitest';
import { brokenReceivers } from './broken-receivers.ts';
import { createFindings } from './findings.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { makeRequest } from './requests.ts';

const createReceiver = receiveUseCase;

describe('the fuzz run itself', () => {
  it('takes everything it added off the built-in objects again', async () => {
    const findings = createFindings();

    await fuzzRequests({
      createReceiver: brokenReceivers['merges the event into an object'] ?? createReceiver,
      findings,
      seed: 7,
      requests: 2000,
    });

    expect(findings.examples().map(({ detail }) => detail)).toContain('Object.prototype.polluted');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('makes the same request for the same seed and number, and another one for any other', () => {
    const one = makeRequest(7, 42);

    expect(makeRequest(7, 42)).toEqual(one);
    expect(makeRequest(7, 43)).not.toEqual(one);
    expect(makeRequest(8, 42)).not.toEqual(one);
  });
});
