import { describe, expect, it } from 'vitest';
import { brokenReceivers } from './broken-receivers.ts';
import { createFindings } from './findings.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { makeRequest } from './requests.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

const createReceiver = receiveUseCase;

describe('the fuzz run itself', () => {
  it('notices a pair whose change was let through', async () => {
    const findings = createFindings();

    await fuzzPairs({
      createReceiver: brokenReceivers['compares only the beginning of a signature'] ?? createReceiver,
      findings,
      seed: 7,
      pairs: 1,
    });

    expect(findings.count('changed pairs not refused')).toBeGreaterThan(100);
  });

  it('notices exactly the code points that were lost', async () => {
    const findings = createFindings();

    await sweepCodePoints({
      createReceiver: brokenReceivers['does not escape what SQS refuses'] ?? createReceiver,
      findings,
      first: 0xfff0,
      last: 0x1000f,
    });

    expect(findings.examples().map(({ detail }) => detail.slice(0, 6))).toEqual(['U+FFFE', 'U+FFFF']);
  });

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
