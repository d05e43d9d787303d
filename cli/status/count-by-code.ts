import { openDeadLetters } from '../dlq/open-dead-letters.ts';
import type { Target } from '../target/target.ts';
import type { Overview } from './overview.ts';

/** Enough to see what is the matter: SQS hands out ten at a time. */
const most = 1000;

/** What the sends in the dead-letter queue died of. Looks at them, and gives them back. */
export async function countByCode(
  target: Target,
  signal: AbortSignal,
): Promise<NonNullable<Overview['deadLetters']>> {
  const counts = new Map<string, number>();
  let seen = 0;
  const letters = await openDeadLetters(target, { signal });
  await letters.browse(async (page) => {
    for (const { code } of page) counts.set(code, (counts.get(code) ?? 0) + 1);
    seen += page.length;
    return seen < most ? 'more' : 'enough';
  });
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .toSorted((one, other) => other.count - one.count);
}
