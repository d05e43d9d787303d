import { constants } from 'node:fs';

/** For the flags of an open: a link at the end of the path is an error (ELOOP), and is not followed. */
export const noFollow = noFollowOf(constants);

/** Windows has no such flag, and lets only administrators make links. */
export function noFollowOf({ O_NOFOLLOW: flag }: { readonly O_NOFOLLOW?: number }): number {
  return flag ?? 0;
}
