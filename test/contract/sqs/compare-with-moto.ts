// Runs the list of SQS's rules against moto's server, an emulator that nobody here wrote, and holds what differs against
// the table of known differences: `--endpoint http://127.0.0.1:PORT`. Exits 1 when a difference is not in the table, or
// one of the table is no more.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { motoDifferences } from './moto-differences.ts';
import { NotRunnable, type Time } from './rule.ts';
import { rules } from './rules.ts';
import { type Outcome, runRules } from './run-rules.ts';

/** No rule may make the run wait longer than this at one time. */
const longestWaitMs = 3_000;

const realTime: Time = {
  async advance(milliseconds) {
    if (milliseconds > longestWaitMs) throw new NotRunnable(`needs ${milliseconds / 1_000} s`);
    // Real clocks round: what is due at this moment is surely there a little later.
    await sleep(milliseconds + 50);
  },
  pollArrives: () => sleep(300),
};

const print = (line: string) => void process.stdout.write(`${line}\n`);

function report(outcomes: readonly Outcome[]): boolean {
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  print(`${outcomes.length} rules of SQS against moto: ${count('kept')} kept, ${count('broken')} differ, `);
  print(`${count('not runnable')} need more time than this run takes (virtual time only):`);
  for (const { rule, kind, reason } of outcomes)
    if (kind === 'not runnable') print(`  - ${rule.name}: ${reason}`);

  let isAsExpected = true;
  const known = new Map(motoDifferences.map((difference) => [difference.rule, difference]));
  print('Differences:');
  for (const { rule, kind, reason } of outcomes) {
    const difference = known.get(rule.name);
    known.delete(rule.name);
    if (kind === 'broken') print(`  - ${rule.name}\n      moto: ${reason}\n      AWS:  ${rule.source}`);
    if (kind === 'broken' && difference !== undefined)
      print(`      right: ${difference.right} (${difference.reason})`);
    if (kind === 'broken' && difference === undefined) {
      isAsExpected = false;
      print('      NOT IN THE TABLE of moto-differences.ts');
    }
    if (kind !== 'broken' && difference !== undefined) {
      isAsExpected = false;
      print(`  - ${rule.name}\n      IN THE TABLE of moto-differences.ts, but moto does the same`);
    }
  }
  for (const name of known.keys()) {
    isAsExpected = false;
    print(`  - ${name}\n      IN THE TABLE of moto-differences.ts, but there is no such rule`);
  }
  return isAsExpected;
}

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
if (values.endpoint === undefined || new URL(values.endpoint).hostname !== '127.0.0.1') {
  print('usage: compare-with-moto --endpoint http://127.0.0.1:PORT');
  process.exitCode = 2;
} else {
  const outcomes = await runRules(rules, { endpoint: values.endpoint, time: realTime, atOnce: 8 });
  if (!report(outcomes)) process.exitCode = 1;
}
