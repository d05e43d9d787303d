import { type Check, runChecks } from '../checks/check.ts';
import { clockCheck, nodeCheck } from '../checks/machine-checks.ts';
import { report, reportSchema } from '../checks/report.ts';
import { defineCommand } from '../command.ts';
import { failureOf } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { connectlyChecks } from './connectly-checks.ts';
import { pauseCheck } from './pause-check.ts';
import { stackChecks } from './stack-checks.ts';
import { watchChecks } from './watch-checks.ts';

/** Each check may take so long, in milliseconds: all of them together take less than 10 s. */
const deadlineMs = 8000;

interface DoctorOptions {
  readonly business?: string;
  readonly testEvent: boolean;
}

/** `relay doctor` */
export const doctor = defineCommand({
  examples: ['doctor --local', 'doctor --stage prod', 'doctor --stage prod --no-test-event --json'],
  result: reportSchema,
  define: (command) =>
    command
      .option('--business <id>', "the Connectly business; by default the stack's own")
      .option('--no-test-event', 'send no signed test event through the public address'),
  async run({ output, signal, target: findTarget }, { business, testEvent }: DoctorOptions) {
    const checks = await checksOf(findTarget, { business, testEvent });
    const results = await runChecks(checks, { deadlineMs, signal });
    report(output, results);
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
      pauseCheck(target),
      ...stackChecks(target),
      ...watchChecks(target, { withTestEvent: testEvent }),
      ...connectlyChecks(target, { businessId: business ?? target.businessId, withTestEvent: testEvent }),
    ];
  } catch (error) {
    const { code } = failureOf(error);
    // What was typed cannot be meant: nothing has been found out.
    if (code === 'usage' || code === 'interrupted') throw error;
    const remedy = code === 'no-local-stack' ? 'npm start' : 'aws sts get-caller-identity';
    return [nodeCheck(), { name: 'stack', remedy, run: () => Promise.reject(error) }];
  }
}
