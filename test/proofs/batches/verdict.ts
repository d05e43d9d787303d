import { type Figure, missesIn } from '../harness/figures.ts';
import type { HandlerReport } from './handler-batches.ts';
import type { RunnerReport } from './runner-batches.ts';
import type { ShapeReport } from './shape-batches.ts';
import type { TimeReport } from './time-left.ts';

/** What one seed has shown; a part that did not run is absent. */
export interface BatchReport {
  readonly runner?: RunnerReport;
  readonly shapes?: ShapeReport;
  readonly handlers?: HandlerReport;
  readonly times?: TimeReport;
}

export function figuresOf({ runner, shapes, handlers, times }: BatchReport): readonly Figure[] {
  return [
    ...(runner ? [none('wrong responses of the batch runner', runner.wrong.length)] : []),
    ...(shapes
      ? [none('batches with wrong deletions over all shapes of responses', shapes.wrong.length)]
      : []),
    ...(handlers
      ? [
          none('messages wrongly deleted', handlers.wronglyDeleted.length),
          none('wrong responses of the handlers', handlers.wrongResponses.length),
          // Whoever keeps everything deletes nothing wrongly.
          { name: 'deletions', value: handlers.deleted, atLeast: handlers.messages / 4 },
        ]
      : []),
    ...(times
      ? [
          none('requests cut off by the end of an invocation', times.requestsCutOff),
          none('sends whose end was not written down in time', times.unrecorded),
          { name: 'requests begun', value: times.requests, atLeast: times.invocations / 4 },
        ]
      : []),
  ];
}

/** What is wrong, in plain words: the figures, and a few examples. */
export function missesOf(where: string, report: BatchReport): readonly string[] {
  const { runner, shapes, handlers, times } = report;
  const examples = [
    ...(runner?.wrong ?? []),
    ...(shapes?.wrong ?? []),
    ...(handlers?.wronglyDeleted ?? []),
    ...(handlers?.wrongResponses ?? []),
    ...(times?.examples ?? []),
  ];
  return [...missesIn(where, figuresOf(report)), ...examples.slice(0, 3)];
}

function none(name: string, value: number): Figure {
  return { name, value, atMost: 0 };
}
