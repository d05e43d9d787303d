import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../proofs/harness/random.ts';
import { type LedgerTable, startLedgerTable } from '../../support/ledger-table.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { firstDifference, randomSteps } from './random-use.ts';
import { rules } from './rules.ts';

let table: LedgerTable;
beforeAll(async () => {
  table = await startLedgerTable();
});
afterAll(() => table.close());

describe('the ledger in memory keeps the rule that', () => {
  it.each(rules)('$name', async (rule) => {
    await rule.run(createMemoryLedger(), randomUUID());
  });
});

describe('the ledger on DynamoDB keeps the rule that', () => {
  it.each(rules)('$name', async (rule) => {
    await rule.run(table.store, randomUUID());
  });
});

describe('the two ledgers', () => {
  it.each([1, randomInt(0x7fff_ffff)])('agree on every step of a random use (seed %i)', async (seed) => {
    const memory = createMemoryLedger();
    const steps = randomSteps(createRandom(seed, 0), 300, randomUUID());

    const difference = await firstDifference(steps, [memory, table.store]);
    const [there, here] = [new Map<string, unknown>(), new Map<string, unknown>(memory.entries)];
    for (const key of memory.entries.keys()) there.set(key, await table.store.read(key));

    expect(difference).toBeUndefined();
    expect(here.size).toBe(3);
    expect(there).toEqual(here);
  });

  it('would be told apart: a store that lets a revision of the past in differs at once', async () => {
    const careless = createMemoryLedger();
    const forgetful = {
      ...careless,
      replace: (key: string, _revision: number, entry: Parameters<typeof careless.insert>[1]) =>
        careless.replace(key, careless.entries.get(key)?.revision ?? 1, entry),
    };
    const steps = randomSteps(createRandom(1, 0), 300, randomUUID());

    const difference = await firstDifference(steps, [createMemoryLedger(), forgetful]);

    expect(difference?.step).toBe('replace');
  });
});
