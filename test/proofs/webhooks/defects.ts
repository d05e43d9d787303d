import type { PlantedReport } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import type { Defect as DeliveryDefect } from '../sends/defects.ts';
import { readStage } from '../sends/stage.ts';
import { missesOf, simulate } from './simulate.ts';

export type Defect = Pick<DeliveryDefect, 'name' | 'changes'>;

/** Built in the same way and without a defect, this must reach every figure. */
export const controls: readonly Defect[] = [{ name: 'nothing', changes: [] }];

/** The webhook's modules with one defect each. Each must be noticed. */
export const defects: readonly Defect[] = [
  {
    name: 'answers 200 when the queue does not',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: "return { status: 503, result: 'queue-unavailable', cause };",
        replace: "return { status: 200, result: 'queued', event };",
      },
    ],
  },
  {
    name: 'does not wait for the queue',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: 'await events.publish(event);',
        replace: 'void events.publish(event).catch(() => {});',
      },
    ],
  },
  {
    name: 'tells the statuses of one message apart by nothing',
    changes: [
      { file: 'lib/webhook/event.ts', find: 'return `${statusId}:${status}`;', replace: 'return statusId;' },
    ],
  },
  {
    name: 'makes up an id where Connectly gives none',
    changes: [
      {
        file: 'lib/webhook/event.ts',
        find: 'eventId(json.value) ?? digest(bytes)',
        replace: 'eventId(json.value) ?? String(Math.random())',
      },
    ],
  },
  {
    name: 'takes an answer without a message id for a confirmation',
    changes: [
      {
        file: 'lib/aws/webhook-queues.ts',
        find: 'if (answer.MessageId === undefined) {',
        replace: 'if (false) {',
      },
    ],
  },
  {
    name: 'refuses instead of asking to come again while the secret is unknown',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: "return { status: 503, result: 'secret-unavailable', cause };",
        replace: "return { status: 401, result: 'signature-wrong' };",
      },
    ],
  },
];

export interface Planting {
  readonly events: number;
  readonly seed: number;
  /** A path. */
  readonly projectRoot: string;
}

/** Runs the modules with one defect; or, for the control, as they are. */
export async function plant(defect: Defect, { events, seed, projectRoot }: Planting): Promise<PlantedReport> {
  const { changes } = defect;
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot, changes)]);
  const misses = missesOf(await simulate({ shipped, stage, events, seed }));
  const isAsExpected = misses.length > 0 === changes.length > 0;
  return { defect: defect.name, where: 'webhooks', misses, isAsExpected };
}
