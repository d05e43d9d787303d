import { parseArgs } from 'node:util';
import { type Outcome, type Rule, runRules } from './run-rules.ts';

interface Verdict {
  /** `undocumented` where AWS's documentation allows both, and this project has chosen. */
  readonly right: 'ours' | 'moto' | 'undocumented';
  readonly reason: string;
}

/** Rules that moto's server does not keep, as of moto 5.2.1, and who is right according to AWS. */
export interface Difference extends Verdict {
  readonly rules: readonly string[];
}

/** AWS says what this project does. */
export const ours = (reason: string, ...rules: readonly string[]): Difference => ({
  right: 'ours',
  reason,
  rules,
});

/** AWS says both, or nothing. */
export const undocumented = (reason: string, ...rules: readonly string[]): Difference => ({
  right: 'undocumented',
  reason,
  rules,
});

interface Comparison<Context> {
  readonly service: string;
  readonly rules: readonly Rule<Context>[];
  readonly differences: readonly Difference[];
  readonly open: (endpoint: string) => Context;
}

/**
 * Holds a service's rules against moto's server, an emulator that nobody here wrote, at the `--endpoint` of the command
 * line. Sets the exit code to 1 when a difference is not in the table, or one of the table is no more.
 */
export async function compareWithMoto<Context extends { close(): void }>(
  comparison: Comparison<Context>,
): Promise<void> {
  const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
  const { endpoint } = values;
  // The rules create and delete: never on a machine that is not this one.
  if (endpoint === undefined || new URL(endpoint).hostname !== '127.0.0.1') {
    print('usage: compare-with-moto --endpoint http://127.0.0.1:PORT');
    process.exitCode = 2;
    return;
  }
  const { rules, open } = comparison;
  const outcomes = await runRules(rules, { open: () => open(endpoint), atOnce: 8 });
  if (!report(outcomes, comparison)) process.exitCode = 1;
}

/** Whether moto differs where the table says, and nowhere else. */
function report(
  outcomes: readonly Outcome[],
  { service, differences }: Pick<Comparison<unknown>, 'service' | 'differences'>,
): boolean {
  const of = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind);
  print(`${outcomes.length} rules of ${service} against moto: ${of('kept').length} kept, `);
  print(`${of('broken').length} differ, ${of('not runnable').length} need more time than this run takes:`);
  for (const { rule, reason } of of('not runnable')) print(`  - ${rule.name}: ${reason}`);

  let isAsExpected = true;
  const complain = (text: string) => {
    isAsExpected = false;
    print(text);
  };
  const known = new Map<string, Verdict>(
    differences.flatMap((difference) => difference.rules.map((rule) => [rule, difference])),
  );
  print('Differences:');
  for (const { rule, kind, reason } of outcomes) {
    const verdict = known.get(rule.name);
    known.delete(rule.name);
    if (kind === 'broken') print(`  - ${rule.name}\n      moto: ${reason}\n      AWS:  ${rule.source}`);
    if (kind === 'broken' && verdict !== undefined)
      print(`      right: ${verdict.right} (${verdict.reason})`);
    if (kind === 'broken' && verdict === undefined) complain('      NOT IN THE TABLE of differences');
    if (kind !== 'broken' && verdict !== undefined)
      complain(`  - ${rule.name}\n      IN THE TABLE of differences, but moto does the same`);
  }
  for (const name of known.keys())
    complain(`  - ${name}\n      IN THE TABLE of differences, but there is no such rule`);
  return isAsExpected;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
