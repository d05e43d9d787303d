import { formatCounts, none } from '../harness/figures.ts';
import type { Run } from '../harness/proof.ts';
import type { Shipped } from '../harness/shipped.ts';
import { runHandlers } from './handler-batches.ts';
import { runRunner } from './runner-batches.ts';
import { runShapes } from './shape-batches.ts';
import { runTimes } from './time-left.ts';

/** The batch runner alone, the mapping with responses of all shapes, the handlers behind their queues, the time that is left. */
export const parts = ['runner', 'shapes', 'handlers', 'times'] as const;
export type Part = (typeof parts)[number];

export interface PartOptions {
  readonly part: Part;
  readonly counts: { readonly batches: number; readonly invocations: number };
  readonly seed: number;
}

/** Examples that are printed. */
const mostExamples = 3;

export async function runPart(
  shipped: Shipped,
  { part, counts: { batches, invocations }, seed }: PartOptions,
): Promise<Omit<Run, 'where'>> {
  switch (part) {
    case 'runner': {
      const report = await runRunner(shipped.runBatch, 2 * batches, seed);
      return {
        figures: [none('wrong responses of the batch runner', report.wrong.length)],
        details: [`${report.batches} batches, ${report.records} records`, ...examplesOf(report.wrong)],
        report,
      };
    }
    case 'shapes': {
      const report = await runShapes(batches, seed);
      return {
        figures: [none('batches with wrong deletions over all shapes of responses', report.wrong.length)],
        details: [
          `${Object.keys(report.byShape).length} shapes over ${report.batches} batches`,
          ...examplesOf(report.wrong),
        ],
        report,
      };
    }
    case 'handlers': {
      const report = await runHandlers(shipped, batches, seed);
      return {
        figures: [
          none('messages wrongly deleted', report.wronglyDeleted.length),
          none('wrong responses of the handlers', report.wrongResponses.length),
          // Whoever keeps everything deletes nothing wrongly.
          { name: 'deletions', value: report.deleted, atLeast: report.messages / 4 },
        ],
        details: [
          `${report.batches} batches of up to ${report.largestBatch}, ${report.records} records of ${report.messages} messages, ${report.twins} twice in a batch, ${report.damaged} damaged`,
          `injected: ${formatCounts(report.injected)}`,
          ...examplesOf([...report.wronglyDeleted, ...report.wrongResponses]),
        ],
        report,
      };
    }
    case 'times': {
      const report = await runTimes(shipped, invocations, seed);
      return {
        figures: [
          none('requests cut off by the end of an invocation', report.requestsCutOff),
          none('sends whose end was not written down in time', report.unrecorded),
          { name: 'requests begun', value: report.requests, atLeast: report.invocations / 4 },
        ],
        details: [
          `${report.invocations} invocations, ${report.cutOff} of them cut off`,
          ...examplesOf(report.examples),
        ],
        report,
      };
    }
  }
}

function examplesOf(examples: readonly string[]): readonly string[] {
  return examples.slice(0, mostExamples);
}
