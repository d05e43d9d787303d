import { typedDuration } from '../terminal/duration.ts';
import { typedOptions } from '../terminal/typed.ts';
import type { DeadLetterFilter } from './filter.ts';

interface RedriveCommand {
  readonly filter: DeadLetterFilter;
  /** The other options, by their names. */
  readonly others: Readonly<Record<string, unknown>>;
  /** How many have gone back: a limit is for those that are left. */
  readonly sent: number;
  /** Those options that name where. */
  readonly place: string;
}

/** What to type to redrive the rest: the same letters, and no others. */
export function redriveCommand({ filter, others, sent, place }: RedriveCommand): string {
  const { olderThan, newerThan, limit, ...chosen } = filter;
  const flags = typedOptions({
    ...chosen,
    olderThan: olderThan === undefined ? undefined : typedDuration(olderThan),
    newerThan: newerThan === undefined ? undefined : typedDuration(newerThan),
    limit: limit === undefined ? undefined : limit - sent,
    ...others,
  });
  return ['npx relay dlq redrive', ...flags, place].join(' ');
}
