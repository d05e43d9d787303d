import { defineCommand } from '../command.ts';
import { ageInWords } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { openDeadLetters, outOfSightInWords, unseenInWords } from './dead-letters.ts';
import { addFilterOptions, type DeadLetterFilter, isEverything, type ListOptions } from './filter.ts';
import { type LetterResult, letterResult, letterSchema } from './letter-result.ts';

/** `relay dlq ls` */
export const dlqLs = defineCommand({
  examples: ['dlq ls', 'dlq ls --code outcome-unknown --older-than 1h --stage prod'],
  /** A line for each letter. */
  result: letterSchema,
  define: (command) =>
    addFilterOptions(command)
      .option('--reveal', 'show the numbers of the recipients in full')
      .addHelpText('after', explanation),
  async run(context, { reveal = false, ...filter }: ListOptions) {
    const { output, globals, signal } = context;
    const target = await context.target();
    const deadLetters = await openDeadLetters(target, context);
    const now = Date.now();
    const most = filter.limit ?? (globals.json ? Infinity : tableLength);
    const found: LetterResult[] = [];
    let masksAnId = false;
    const looked = await deadLetters.each({ ...filter, limit: Math.max(most, tableLength) }, (letter) => {
      const result = letterResult(letter, { now, reveal });
      masksAnId ||= ![letter.originalId, letter.messageId].includes(result.id);
      found.push(result);
      if (most === Infinity && found.length === tableLength) printLines(output, found.splice(0));
    });
    const results = oldestFirst(found).slice(0, most);
    if (globals.json) return printLines(output, results);
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
    if (masksAnId) output.say('An id that looks like a phone number is masked; --reveal shows it.');
    output.say(
      [
        shownInWords(results.length, { found: found.length, unseen: looked.unseen }),
        unseenInWords(looked) ?? [],
        `What they mean: npx relay dlq explain ${target.options}`,
      ]
        .flat()
        .join(' '),
    );
  },
});

/** Nobody reads a longer one. */
const tableLength = 1000;

const explanation = `
A table without --limit has ${tableLength} lines at most. With --json, and from relay dlq export, you get all of them.
`;

function shownInWords(shown: number, { found, unseen }: { found: number; unseen: number }): string {
  if (shown < found) return `${shown} of ${found} are shown.`;
  return unseen > 0 ? `${shown} are shown.` : `${shown} in all.`;
}

function printLines(output: Output, results: readonly LetterResult[]): void {
  for (const result of oldestFirst(results)) output.result(result, '');
}

function oldestFirst(results: readonly LetterResult[]): LetterResult[] {
  return results.toSorted((one, other) => Date.parse(one.queuedAt) - Date.parse(other.queuedAt));
}

function noneIn(filter: DeadLetterFilter): string {
  return isEverything(filter)
    ? 'There are no dead letters: the sends DLQ is empty.'
    : 'There is no such dead letter.';
}
