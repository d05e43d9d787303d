import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';
import type { policies } from './simulate.ts';

const catchUp = 'lib/delivery/catch-up.ts';
const settle = 'lib/delivery/settle.ts';
const [sentAgain, givenUp] = ['sent again, though', 'given up, though'];

export const defects: readonly Defect<(typeof policies)[number]>[] = [
  {
    name: 'sends again without having looked what lies on the queue',
    where: 'settle',
    shows: sentAgain,
    changes: inFile(
      settle,
      'parked.receiveCount > mostReceives ? undefined : catchUp.lookAgainAt()',
      'undefined',
    ),
  },
  {
    name: 'gives up without having looked what lies on the queue',
    where: 'hold',
    shows: givenUp,
    changes: inFile(
      settle,
      'parked.receiveCount > mostReceives ? undefined : catchUp.lookAgainAt()',
      'undefined',
    ),
  },
  {
    name: 'takes a freeze for a time in which it has read',
    where: 'settle',
    shows: sentAgain,
    changes: [
      ...inFile(catchUp, 'now() - progressAt > gapMs', 'progressAt < 0'),
      ...inFile(catchUp, 'receiveCount === 1 && now() - queuedAt > gapMs', 'false'),
    ],
  },
  {
    name: 'looks only once, and decides on what came first',
    where: 'hold',
    shows: givenUp,
    changes: [
      ...inFile(catchUp, 'longestCatchUpMs = 5 * 60_000', 'longestCatchUpMs = 1'),
      ...inFile(catchUp, 'calmMs = 60_000', 'calmMs = 1'),
    ],
  },
  {
    name: 'puts off for ever what no status comes for',
    where: 'hold',
    shows: 'minutes until the last one was',
    changes: inFile(
      catchUp,
      'return doneAt > now() ? Math.min(doneAt, now() + lookAgainMs) : undefined;',
      'return Math.max(doneAt, now()) + lookAgainMs;',
    ),
  },
];
