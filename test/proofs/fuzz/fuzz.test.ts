import { describe, expect, it } from 'vitest';
import { brokenReceivers, unbrokenReceiver } from './broken-receivers.ts';
import { createFindings } from './findings.ts';
import { fuzzUntilFinding } from './fuzz-broken-receivers.ts';
import { fuzzPairs } from './fuzz-pairs.ts';
import { fuzzRequests } from './fuzz-requests.ts';
import { receiveUseCase } from './receive-use-case.ts';
import { makeRequest, mutationNames } from './requests.ts';
import { sweepCodePoints } from './sweep-code-points.ts';

const createReceiver = receiveUseCase;

describe('the receive use case under fuzzing', () => {
  it('accepts what is signed, refuses what is not and queues what it accepted', async () => {
    const findings = createFindings();

    const report = await fuzzRequests({ createReceiver, findings, seed: 7, requests: 20_000 });

    expect(findings.examples()).toEqual([]);
    expect([...report.mutations.keys()].toSorted()).toEqual(mutationNames.toSorted());
    expect(Object.values(report.verdicts)).not.toContain(0);
  });

  it('refuses every single-bit change of a valid pair', async () => {
    const findings = createFindings();

    const report = await fuzzPairs({ createReceiver, findings, seed: 7, pairs: 10 });

    expect(findings.examples()).toEqual([]);
    expect(report).toMatchObject({ pairs: 10, headerBits: 10 * 44 * 8 });
  });

  it.each([
    ['the first ones', 0, 0x2ff],
    ['the surrogates', 0xd700, 0xe0ff],
    ['the ones that SQS refuses', 0xfe00, 0x100ff],
    ['the last ones', 0x10ff00, 0x10ffff],
  ])('brings %s of all code points back from the queue', async (_, first, last) => {
    const findings = createFindings();

    const { codePoints } = await sweepCodePoints({ createReceiver, findings, first, last });

    expect(findings.examples()).toEqual([]);
    expect(codePoints).toBe(last - first + 1);
  });
});

describe('the fuzz run itself', () => {
  it.each(Object.entries(brokenReceivers))('catches a receiver that %s', async (name, broken) => {
    const { caughtBy } = await fuzzUntilFinding({ name, createReceiver: broken, seed: 7, requests: 2000 });

    expect(caughtBy).toBeDefined();
  });

  it('finds nothing in a receiver put together from the same parts with none replaced', async () => {
    const options = { name: 'is whole', createReceiver: unbrokenReceiver, seed: 7, requests: 2000 };

    const { caughtBy } = await fuzzUntilFinding(options);

    expect(caughtBy).toBeUndefined();
  });

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
