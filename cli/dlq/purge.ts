import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { interruptedError, partlyDoneError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import { CodeCounts, openDeadLetters, removeLetters, unseenInWords } from './dead-letters.ts';
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
  async run(context, filter: DeadLetterFilter) {
    const { output, signal, confirm, progress } = context;
    const target = await context.target();
    const deadLetters = await openDeadLetters(target, context);
    const counts = new CodeCounts();
    // Only what is counted before the question: more may come meanwhile.
    const meant = new Set<string>();
    const looked = await deadLetters.each(filter, (letter) => {
      counts.add(letter);
      meant.add(letter.messageId);
    });
    if (counts.total === 0) {
      output.result({ removed: {}, kept: 0 }, 'There is no such dead letter.');
      return;
    }
    output.say(table(['code', 'count'], counts.list()));
    await confirm(
      counts.total === 1
        ? 'Delete this one for good? Nobody can bring it back.'
        : `Delete these ${counts.total} for good? Nobody can bring them back.`,
    );

    const removals = new CodeCounts();
    const left = () => counts.total - removals.total;
    const tell = () => {
      const removed = Object.fromEntries(counts.list().map(([code]) => [code, removals.of(code)]));
      output.result({ removed, kept: left() }, `Deleted ${removals.total}.`);
    };
    const bar = await progress({ label: 'Deleting', total: counts.total });
    try {
      await deadLetters.browse(async (page, removed) => {
        const gone = await removeLetters(
          page.filter(({ messageId }) => meant.has(messageId)),
          deadLetters,
        );
        for (const letter of gone) {
          removed(letter);
          removals.add(letter);
        }
        bar.advance(gone.size);
        return left() === 0 ? 'enough' : 'more';
      });
    } catch (error) {
      tell();
      if (!signal.aborted) throw error;
      throw interruptedError(
        `Interrupted. ${removals.total} are gone for good, ${left()} are where they were. To go on, type the same command again.`,
      );
    } finally {
      bar.stop();
    }
    tell();
    const unseen = filter.limit === undefined ? unseenInWords(looked) : undefined;
    if (unseen !== undefined) output.say(`${unseen} Type the same command again.`);
    const kept = left();
    if (kept > 0) {
      throw partlyDoneError(
        'partly-done',
        `${kept} are still there: somebody else looks at them, or AWS did not take the request. Type the same command again.`,
      );
    }
  },
});
