import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { explainCode, explainKnownCode } from '../explain/explain-code.ts';
import { explanationSchema } from '../explain/relay-codes.ts';
import { present } from '../present.ts';
import { ageInWords } from '../terminal/duration.ts';
import { labelled } from '../terminal/table.ts';
import { byCode, openDeadLetters, outOfSightInWords } from './dead-letters.ts';
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
  async run({ output, signal, target: findTarget }, filter: DeadLetterFilter) {
    const target = await findTarget();
    const deadLetters = await openDeadLetters(target, { signal });
    const letters = await deadLetters.list(filter);
    const now = Date.now();
    for (const [code, own] of byCode(letters)) {
      const { meaning, remedy, who } = explainCode(code) ?? {};
      const isKnown = explainKnownCode(code) !== undefined;
      // What a code means that Connectly has added since, the sender could only tell by the HTTP status beside it.
      const message = isKnown ? undefined : own.findLast((letter) => letter.message)?.message;
      // They come oldest first.
      const oldest = own[0]?.queuedAt ?? now;
      const expired = own.filter(({ expiresAt }) => expiresAt <= now).length;
      const result = present({
        code,
        count: own.length,
        expired,
        oldest: new Date(oldest).toISOString(),
        meaning,
        remedy,
        message,
        who,
      });
      output.result(result, [
        `${own.length} x ${output.style('bold', code)}, the oldest ${ageInWords(oldest, now)}, ${expired} expired`,
        ...labelled({ Said: message, Meaning: meaning, Remedy: remedy }, 9),
      ]);
    }
    if (letters.length === 0)
      output.say((await outOfSightInWords(deadLetters, signal)) ?? 'There is no such dead letter.');
    else output.say(['', `What can go back to the sends queue: npx relay dlq redrive ${target.options}`]);
  },
});
