import * as z from 'zod';
import { configurationError } from '../errors.ts';
import type { Output, Style } from '../terminal/output.ts';
import { type CheckResult, checkResultSchema } from './check.ts';

/** What a command of checks prints with `--json`. */
export const reportSchema = z.strictObject({ checks: z.array(checkResultSchema) });

const styles: Readonly<Record<CheckResult['verdict'], Style>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
};

/** Prints what was found. Throws `unhealthy` when a check failed. */
export function report(output: Output<z.infer<typeof reportSchema>>, results: CheckResult[]): void {
  output.result(
    { checks: results },
    results.flatMap((each) => inWords(each, output)),
  );
  const bad = results.filter(({ verdict }) => verdict === 'failed').length;
  if (bad === 0) return;
  throw configurationError('unhealthy', `${bad} of ${results.length} checks failed. The remedies are above.`);
}

function inWords({ check, verdict, finding, remedy }: CheckResult, output: Pick<Output, 'style'>): string[] {
  const line = `${output.style(styles[verdict], verdict.padEnd(8))} ${check.padEnd(18)} ${finding}`;
  return [line, ...(remedy?.split('\n') ?? []).map((each) => `${' '.repeat(28)}${each}`)];
}
