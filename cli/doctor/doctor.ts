import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { configurationError, failureOf } from '../errors.ts';
import type { Target } from '../target/target.ts';
import type { Output, Style } from '../terminal/output.ts';
import { type Check, type CheckResult, checkResultSchema, runChecks } from './check.ts';
import { connectlyChecks } from './connectly-checks.ts';
import { clockCheck, nodeCheck } from './machine-checks.ts';
import { stackChecks } from './stack-checks.ts';

/** Each check may take so long, in milliseconds: all of them together take less than 10 s. */
const deadlineMs = 8000;

interface DoctorOptions {
  readonly business?: string;
  readonly testEvent: boolean;
}

/** `relay doctor` */
export const doctor = defineCommand({
  examples: ['doctor --local', 'doctor --stage prod', 'doctor --stage prod --no-test-event --json'],
  result: z.strictObject({ checks: z.array(checkResultSchema) }),
  define: (command) =>
    command
      .option('--business <id>', "the Connectly business; by default the stack's own")
      .option('--no-test-event', 'send no signed test event through the public address'),
  async run({ output, signal, target: findTarget }, { business, testEvent }: DoctorOptions) {
    const checks = await checksOf(findTarget, { business, testEvent });
    const results = await runChecks(checks, { deadlineMs, signal });
    output.result({ checks: results }, results.map((each) => inWords(each, output)).join('\n'));
    const bad = results.filter(({ verdict }) => verdict === 'failed').length;
    if (bad > 0)
      throw configurationError(
        'unhealthy',
        `${bad} of ${results.length} checks failed. The remedies are above.`,
      );
  },
});

async function checksOf(
  findTarget: () => Promise<Target>,
  { business, testEvent }: { readonly business: string | undefined; readonly testEvent: boolean },
): Promise<Check[]> {
  try {
    const target = await findTarget();
    return [
      nodeCheck(),
      clockCheck(async (signal) => {
        // API Gateway has no such route, and answers without a function.
        const { headers } = await target.network.ask(target.output('WebhookUrl'), { signal });
        return headers.date ?? null;
      }, Date.now),
      ...stackChecks(target),
      ...connectlyChecks(target, { businessId: business ?? target.businessId, withTestEvent: testEvent }),
    ];
  } catch (error) {
    const { code, message } = failureOf(error);
    // What was typed cannot be meant: nothing has been found out.
    if (code === 'usage' || code === 'interrupted') throw error;
    const remedy = code === 'no-local-stack' ? 'npm start' : 'aws sts get-caller-identity';
    return [
      nodeCheck(),
      { name: 'stack', remedy, run: async () => ({ verdict: 'failed', finding: message }) },
    ];
  }
}

const styles: Readonly<Record<CheckResult['verdict'], Style>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
};

function inWords({ check, verdict, finding, remedy }: CheckResult, output: Pick<Output, 'style'>): string {
  const line = `${output.style(styles[verdict], verdict.padEnd(8))} ${check.padEnd(18)} ${finding}`;
  return remedy === undefined ? line : `${line}\n${' '.repeat(28)}${remedy}`;
}
