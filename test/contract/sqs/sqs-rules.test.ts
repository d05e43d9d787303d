import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SqsEmulator, startSqsEmulator } from '../../support/sqs-emulator.ts';
import { RuleContext } from './rule.ts';
import { rules } from './rules.ts';

let emulator: SqsEmulator;
beforeAll(async () => {
  emulator = await startSqsEmulator();
});
afterAll(() => emulator.endpoint.close());

describe('the SQS emulator keeps the rule that', () => {
  test.each(rules)('$name', async (rule) => {
    const context = new RuleContext(emulator.endpoint.url, emulator.time);

    await rule.run(context).finally(() => context.close());

    expect(emulator.clock.pendingTimers()).toBe(0);
  });
});

test('the list has enough rules, each with its own name', () => {
  const names = new Set(rules.map(({ name }) => name));

  expect(names.size).toBe(rules.length);
  expect(rules.length).toBeGreaterThanOrEqual(90);
});
