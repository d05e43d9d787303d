import { defineCommand } from '../command.ts';
import { ageInWords } from '../terminal/duration.ts';
import { table } from '../terminal/table.ts';
import type { DeadLetter } from './dead-letter.ts';
import { openDeadLetters, outOfSightInWords } from './dead-letters.ts';
import { addFilterOptions, type DeadLetterFilter, isEverything, type ListOptions } from './filter.ts';
import { letterResult, letterSchema } from './letter-result.ts';

/** `relay dlq ls` */
export const dlqLs = defineCommand({
  examples: ['dlq ls', 'dlq ls --code outcome-unknown --older-than 1h --stage prod'],
  /** A line for each letter. */
  result: letterSchema,
  define: (command) =>
    addFilterOptions(command).option('--reveal', 'show the numbers of the recipients in full'),
  async run({ output, globals, signal, target: findTarget }, { reveal = false, ...filter }: ListOptions) {
    const target = await findTarget();
    const deadLetters = await openDeadLetters(target, { signal });
    const letters = await deadLetters.list(filter);
    const now = Date.now();
    const results = letters.map((letter) => letterResult(letter, { now, reveal }));
    if (globals.json) {
      for (const result of results) output.result(result, '');
      return;
    }
    if (results.length === 0)
      return output.say((await outOfSightInWords(deadLetters, signal)) ?? noneIn(filter));
    const rows = results.map(({ id, code, to = '', type = '', queuedAt, expiresAt }) => [
      id,
      code,
      to,
      type,
      ageInWords(Date.parse(queuedAt), now),
      ageInWords(Date.parse(expiresAt), now),
    ]);
    output.print(table(['id', 'code', 'to', 'type', 'put here', 'expires'], rows));
    const isMasked = ({ originalId, messageId }: DeadLetter, index: number) =>
      ![originalId, messageId].includes(results[index]?.id ?? '');
    if (letters.some(isMasked))
      output.say('An id that looks like a phone number is masked; --reveal shows it.');
    output.say(`${results.length} in all. What they mean: npx relay dlq explain ${target.options}`);
  },
});

function noneIn(filter: DeadLetterFilter): string {
  return isEverything(filter)
    ? 'There are no dead letters: the sends DLQ is empty.'
    : 'There is no such dead letter.';
}
