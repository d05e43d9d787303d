import type { Figure } from '../harness/figures.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import type { Scene } from './scenes.ts';
import type { Report } from './simulate.ts';

/** Every figure of a run beside what it must be. */
export function figuresOf(scene: Scene, report: Report, stage: Stage): readonly Figure[] {
  // Elsewhere every message lives for longer than its trouble: one that expires was put off for too long.
  const mayExpire = scene.lifeMs === undefined ? 0 : report.expired;
  return [
    { name: 'messages lost', value: report.lost, atMost: 0 },
    {
      name: 'messages not sent in time',
      value: scene.mayWait === true ? 0 : report.left,
      atMost: 0,
    },
    { name: 'messages accepted twice', value: report.duplicates, atMost: 0 },
    { name: 'dead letters that need not be', value: report.deadLetters - mayExpire, atMost: 0 },
    { name: 'errors that nobody thought of', value: report.bugs, atMost: 0 },
    {
      name: 'longest invocation in seconds',
      value: report.longestInvocationMs / 1_000,
      atMost: stage.sendMessage.timeoutMs / 1_000,
    },
    ...scene.figures(report, stage),
  ];
}
