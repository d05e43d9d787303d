import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { interruptedError, partlyDoneError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import { byCode, openDeadLetters, removeLetters } from './dead-letters.ts';
import { addFilterOptions, type DeadLetterFilter } from './filter.ts';

/** `relay dlq purge` */
export const dlqPurge = defineCommand({
  examples: [
    'dlq purge --expired',
    'dlq purge --code expired --older-than 2d --yes --stage prod',
    'dlq purge --to +15555555555 --stage prod   # forget a customer',
  ],
  result: z.strictObject({
    /** How many of each code are gone. */
    removed: z.record(z.string(), z.number()),
    /** How many were meant and are still there: somebody else has them, AWS did not take the request, or Ctrl-C came. */
    kept: z.number(),
  }),
  define: (command) => addFilterOptions(command),
  async run({ output, signal, confirm, progress, target: findTarget }, filter: DeadLetterFilter) {
    const target = await findTarget();
    const deadLetters = await openDeadLetters(target, { signal });
    const letters = await deadLetters.list(filter);
    const counts = byCode(letters).map(([code, own]) => [code, own.length] as const);
    if (letters.length === 0) {
      output.result({ removed: {}, kept: 0 }, 'There is no such dead letter.');
      return;
    }
    output.say(table(['code', 'count'], counts));
    await confirm(
      letters.length === 1
        ? 'Delete this one for good? Nobody can bring it back.'
        : `Delete these ${letters.length} for good? Nobody can bring them back.`,
    );

    const removedCodes: string[] = [];
    const left = () => letters.length - removedCodes.length;
    const tell = () => {
      const removed = Object.fromEntries(
        counts.map(([code]) => [code, removedCodes.filter((each) => each === code).length]),
      );
      output.result({ removed, kept: left() }, `Deleted ${removedCodes.length}.`);
    };
    // Only what was shown: more may have come since.
    const meant = new Set(letters.map(({ messageId }) => messageId));
    const bar = await progress({ label: 'Deleting', total: letters.length });
    try {
      await deadLetters.browse(async (page, removed) => {
        const gone = await removeLetters(
          page.filter(({ messageId }) => meant.has(messageId)),
          deadLetters,
        );
        for (const letter of gone) {
          removed(letter);
          removedCodes.push(letter.code);
        }
        bar.advance(gone.size);
        return removedCodes.length === letters.length ? 'enough' : 'more';
      });
    } catch (error) {
      tell();
      if (!signal.aborted) throw error;
      throw interruptedError(
        `Interrupted. ${removedCodes.length} are gone for good, ${left()} are where they were. To go on, type the same command again.`,
      );
    } finally {
      bar.stop();
    }
    tell();
    const kept = left();
    if (kept > 0) {
      throw partlyDoneError(
        'partly-done',
        `${kept} are still there: somebody else looks at them, or AWS did not take the request. Type the same command again.`,
      );
    }
  },
});
