import type { Routines, Step } from './protocol.ts';

export interface Place {
  readonly routine: keyof Routines;
  readonly step: Step;
  readonly index: number;
  /** Where to go on. 0: nothing is left. */
  readonly next: number;
}

/** Each step of each routine, at the number that stands for it in a world. */
export interface Places {
  readonly start: (routine: keyof Routines) => number;
  readonly at: readonly (Place | undefined)[];
}

const workerRoutines = [
  'accepted',
  'notSent',
  'refused',
  'unclear',
  'unclearToResend',
  'lapsed',
  'duplicate',
  'busy',
] as const;
const settlerRoutines = ['settled', 'sendAgain', 'handOver'] as const;

function placesOf(routines: Routines, names: readonly (keyof Routines)[], first: number): Places {
  const at: (Place | undefined)[] = Array.from({ length: first });
  const starts = new Map<keyof Routines, number>();
  for (const routine of names) {
    const steps = routines[routine];
    if (steps.length > 0) starts.set(routine, at.length);
    steps.forEach((step, index) => {
      at.push({ routine, step, index, next: index + 1 < steps.length ? at.length + 1 : 0 });
    });
  }
  return { at, start: (routine) => starts.get(routine) ?? 0 };
}

/** Every place in the routines. Before a worker's: idle, has a message, has claimed, has read; before settle-send's: idle. */
export const layOut = (routines: Routines) => ({
  worker: placesOf(routines, workerRoutines, 4),
  settler: placesOf(routines, settlerRoutines, 1),
});
