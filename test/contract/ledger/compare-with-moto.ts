// Runs the rules of the ledger's store on the DynamoDB of moto's server, an emulator that nobody here wrote, and random
// use beside the ledger in memory: `--endpoint http://127.0.0.1:PORT`. Exits 1 when a rule is broken or the two differ.
import { randomInt, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createRandom } from '../../proofs/harness/random.ts';
import { createLedgerTable } from '../../support/ledger-table.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { firstDifference, randomSteps } from './random-use.ts';
import { rules } from './rules.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function compare(endpoint: string): Promise<boolean> {
  const table = await createLedgerTable(endpoint);
  let broken = 0;
  try {
    for (const rule of rules) {
      try {
        await rule.run(table.store, randomUUID());
      } catch (error) {
        broken++;
        print(`  broken: ${rule.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    print(
      `${rules.length} rules of the ledger's store on moto: ${rules.length - broken} kept, ${broken} broken`,
    );
    for (const seed of [1, randomInt(0x7fff_ffff)]) {
      const steps = randomSteps(createRandom(seed, 0), 500, randomUUID());
      const difference = await firstDifference(steps, [createMemoryLedger(), table.store]);
      print(
        `500 random steps beside the ledger in memory, seed ${seed}: ${difference?.step ?? 'no difference'}`,
      );
      if (difference !== undefined) broken++;
    }
  } finally {
    await table.close();
  }
  return broken === 0;
}

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
if (values.endpoint === undefined || new URL(values.endpoint).hostname !== '127.0.0.1') {
  print('usage: compare-with-moto --endpoint http://127.0.0.1:PORT');
  process.exitCode = 2;
} else if (!(await compare(values.endpoint))) process.exitCode = 1;
