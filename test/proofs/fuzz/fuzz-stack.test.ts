import { describe, expect, it } from 'vitest';
import { brokenReceivers } from './broken-receivers.ts';
import { createFindings, type FindingName } from './findings.ts';
import { fuzzStack } from './fuzz-stack.ts';
import { startInProcessStack } from './in-process-stack.ts';
import { receiveUseCase } from './receive-use-case.ts';
import type { CreateReceiver } from './receiver.ts';

async function fuzz(createReceiver: CreateReceiver, requests = 600) {
  const stack = await startInProcessStack(createReceiver);
  const findings = createFindings();
  try {
    const report = await fuzzStack({ stack, findings, seed: 7, requests });
    return { report, findings };
  } finally {
    await stack.close();
  }
}

describe('fuzzing over HTTP', () => {
  it('finds nothing wrong with the use case behind the front', async () => {
    const { report, findings } = await fuzz(receiveUseCase, 2000);

    expect(findings.examples()).toEqual([]);
    expect(report.requests).toBe(2000);
    expect(report.events).toBe(report.verdicts['accept']);
    expect(report.verdicts['not-found']).toBeGreaterThan(0);
  });

  it.each<[string, FindingName]>([
    ['compares only the beginning of a signature', 'forgeries accepted'],
    ['verifies with the first secret only', 'valid requests refused'],
    ['lets a request without a signature in', 'forgeries accepted'],
    ['takes the first of two signature headers', 'forgeries accepted'],
    ['ignores the base64 flag', 'valid requests refused'],
    ['decodes the body as text before it hashes', 'valid requests refused'],
    ['re-serialises the vendor’s JSON', 'queued without answering 200'],
    ['does not escape what SQS refuses', 'queued bodies that SQS refuses'],
    ['drops what is not JSON', 'answered 200 without queueing once'],
    ['parses before it verifies', 'valid requests refused'],
  ])('notices a receiver that %s: %s', async (name, finding) => {
    const { findings } = await fuzz(brokenReceivers[name] ?? receiveUseCase);

    expect(findings.count(finding)).toBeGreaterThan(0);
  });

  it('notices answers of 500', async () => {
    const { findings } = await fuzz(
      () => ({
        receive: () => Promise.reject(new Error('broken')),
      }),
      20,
    );

    expect(findings.count('answers of 5xx to bad input')).toBeGreaterThan(10);
  });
});
