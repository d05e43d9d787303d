import { createTarget, type Target } from './targets.ts';

/** A message of a run, the first unless said otherwise. */
export function targetWith(changes: Partial<Target> = {}, number = 1): Target {
  const target = createTarget({ number, businessId: 'business', policy: 'hold', isTwin: false });
  return { ...target, ...changes };
}
