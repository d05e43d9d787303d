import * as z from 'zod';
import { table } from '../terminal/table.ts';
import { planMeanings, plans } from './plan.ts';

/** How many letters a redrive did what with, or would. */
export const tallySchema = z.strictObject({
  /** Nothing was moved. */
  dryRun: z.boolean(),
  send: z.number(),
  /** Sent again though they may have been sent. */
  resend: z.number(),
  settled: z.number(),
  expired: z.number(),
  invalid: z.number(),
  unknown: z.number(),
  /** AWS did not take them. */
  failed: z.number(),
});

export type Tally = z.infer<typeof tallySchema>;

export function emptyTally(dryRun: boolean): Tally {
  return { dryRun, send: 0, resend: 0, settled: 0, expired: 0, invalid: 0, unknown: 0, failed: 0 };
}

export function tallyTable(tally: Tally): string {
  const rows = plans.filter((plan) => tally[plan] > 0).map((plan) => [plan, tally[plan], planMeanings[plan]]);
  const failed = tally.failed > 0 ? [['failed', tally.failed, 'AWS did not take it: kept']] : [];
  const all = [...rows, ...failed];
  return all.length === 0 ? 'There is no such dead letter.' : table(['what', 'count', ''], all);
}
