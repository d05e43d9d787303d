import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { secretBudgetMs } from '../../../lib/aws/secrets.ts';
import {
  decisionBudgetMs,
  effectBudgetMs,
  leaseMs,
  requestDeadlineMs,
  timeForOneMessageMs,
} from '../../../lib/delivery/time.ts';

it('the worst message fits into the timeout of send-message, with time to start', () => {
  const template = parse(readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'), {
    logLevel: 'silent',
  });

  const timeoutMs = template.functions.sendMessage.timeout * 1000;

  expect(timeForOneMessageMs).toBeLessThanOrEqual(timeoutMs - 2_000);
});

it('the worst message has time for two requests, and a lease outlives it by a minute', () => {
  const marginMs = leaseMs - timeForOneMessageMs;

  expect(timeForOneMessageMs).toBe(
    2 * decisionBudgetMs + 2 * (secretBudgetMs + requestDeadlineMs) + effectBudgetMs,
  );
  expect(marginMs).toBe(60_000);
});
