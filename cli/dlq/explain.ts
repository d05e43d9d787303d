import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { explainCode, explainKnownCode } from '../explain/explain-code.ts';
import { explanationSchema } from '../explain/relay-codes.ts';
import { present } from '../present.ts';
import { ageInWords } from '../terminal/duration.ts';
import { labelled } from '../terminal/table.ts';
import type { DeadLetter } from './dead-letter.ts';
import { openDeadLetters, outOfSightInWords, unseenInWords } from './dead-letters.ts';
import { addFilterOptions, type DeadLetterFilter } from './filter.ts';

/** `relay dlq explain` */
export const dlqExplain = defineCommand({
  examples: ['dlq explain', 'dlq explain --newer-than 1h --stage prod'],
  /** A line for each code, the most frequent first. */
  result: z.strictObject({
    code: z.string(),
    count: z.number(),
    /** Of these, how many must not be sent any more. */
    expired: z.number(),
    oldest: z.string(),
    meaning: z.string().optional(),
    remedy: z.string().optional(),
    /** Of a code that this version does not know: what the newest of its letters says of itself. */
    message: z.string().optional(),
    who: explanationSchema.shape.who.optional(),
  }),
  define: (command) => addFilterOptions(command),
  async run(context, filter: DeadLetterFilter) {
    const { output, signal } = context;
    const target = await context.target();
    const deadLetters = await openDeadLetters(target, context);
    const now = Date.now();
    const groups = new Map<string, Group>();
    const looked = await deadLetters.each(filter, (letter) => {
      groups.set(letter.code, withLetter(groups.get(letter.code), letter, now));
    });
    const mostFrequentFirst = [...groups].toSorted(([, one], [, other]) => other.count - one.count);
    for (const [code, { count, expired, oldest, newestSaid }] of mostFrequentFirst) {
      const { meaning, remedy, who } = explainCode(code) ?? {};
      const isKnown = explainKnownCode(code) !== undefined;
      // What a code means that Connectly has added since, the sender could only tell by the HTTP status beside it.
      const message = isKnown ? undefined : newestSaid?.message;
      const result = present({
        code,
        count,
        expired,
        oldest: new Date(oldest).toISOString(),
        meaning,
        remedy,
        message,
        who,
      });
      output.result(result, [
        `${count} x ${output.style('bold', code)}, the oldest ${ageInWords(oldest, now)}, ${expired} expired`,
        ...labelled({ Said: message, Meaning: meaning, Remedy: remedy }, 9),
      ]);
    }
    const unseen = unseenInWords(looked);
    if (unseen !== undefined) output.say(unseen);
    if (groups.size === 0)
      output.say((await outOfSightInWords(deadLetters, signal)) ?? 'There is no such dead letter.');
    else output.say(['', `What can go back to the sends queue: npx relay dlq redrive ${target.options}`]);
  },
});

/** What is known of the letters with one code. Times in epoch milliseconds. */
interface Group {
  readonly count: number;
  readonly expired: number;
  readonly oldest: number;
  /** The newest letter that says anything of itself. */
  readonly newestSaid: Pick<DeadLetter, 'queuedAt' | 'message'> | undefined;
}

const nobody: Group = { count: 0, expired: 0, oldest: Infinity, newestSaid: undefined };

function withLetter(
  { count, expired, oldest, newestSaid }: Group = nobody,
  { queuedAt, expiresAt, message }: DeadLetter,
  now: number,
): Group {
  const isNewest = message !== undefined && message !== '' && queuedAt >= (newestSaid?.queuedAt ?? 0);
  return {
    count: count + 1,
    expired: expired + (expiresAt <= now ? 1 : 0),
    oldest: Math.min(oldest, queuedAt),
    newestSaid: isNewest ? { queuedAt, message } : newestSaid,
  };
}
