// Runs the rules against another emulator and compares: `--endpoint URL`. Every difference has to be in the table of
// known differences, and every entry of that table has to differ still; otherwise the exit code is 1.
import { parseArgs } from 'node:util';
import { knownDifferences } from './known-differences.ts';
import { ruleContext } from './rule.ts';
import { rules } from './rules.ts';

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
const { endpoint } = values;
if (endpoint === undefined || !isLoopback(endpoint)) {
  process.stderr.write('usage: compare-with-moto --endpoint http://127.0.0.1:PORT\n');
  process.exitCode = 2;
} else {
  process.exitCode = await compare(endpoint);
}

async function compare(url: string): Promise<number> {
  const context = ruleContext(url);
  let passed = 0;
  const unexpected: string[] = [];
  for (const rule of rules) {
    const known = knownDifferences.get(rule.name);
    const failure = await rule.run(context).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error('failed without a reason')),
    );
    if (failure === undefined) {
      passed += 1;
      if (known) unexpected.push(`no difference any more: ${rule.name}`);
    } else if (known) {
      print(`differs: ${rule.name}\n  right: ${known.right}. ${known.reason}\n  (${rule.source})`);
    } else {
      unexpected.push(`differs: ${rule.name}\n  ${failure.message}\n  (${rule.source})`);
    }
  }
  context.client.destroy();
  for (const name of knownDifferences.keys())
    if (!rules.some((rule) => rule.name === name)) unexpected.push(`no such rule: ${name}`);
  print(`${rules.length} rules: ${passed} agree, ${knownDifferences.size} known differences`);
  for (const line of unexpected) print(`UNEXPECTED ${line}`);
  return unexpected.length === 0 ? 0 : 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The rules create and delete secrets: never on a machine that is not this one. */
function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}
