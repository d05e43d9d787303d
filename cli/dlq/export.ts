import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { openDeadLetters, unseenInWords } from './dead-letters.ts';
import { addFilterOptions, type ListOptions } from './filter.ts';
import { letterResult, letterSchema } from './letter-result.ts';

/** `relay dlq export` */
export const dlqExport = defineCommand({
  examples: [
    'dlq export > dead-letters.ndjson',
    'dlq export --code message-invalid --reveal --stage prod | jq -r .body > messages.ndjson',
  ],
  /** A line for each letter, with or without `--json`. */
  result: letterSchema.extend({
    /** What is on the queue, as it is; only with `--reveal`. */
    body: z.string().optional(),
  }),
  define: (command) =>
    addFilterOptions(command).option('--reveal', 'with the numbers, and the messages themselves'),
  async run(context, { reveal = false, ...filter }: ListOptions) {
    const { output } = context;
    const deadLetters = await openDeadLetters(await context.target(), {
      ...context,
      progress: (options) => context.progress({ ...options, amongResults: true }),
    });
    const now = Date.now();
    let count = 0;
    const looked = await deadLetters.each(filter, (letter) => {
      const result = { ...letterResult(letter, { now, reveal }), ...(reveal && { body: letter.body }) };
      output.result(result, JSON.stringify(result));
      count += 1;
    });
    const unseen = unseenInWords(looked);
    if (unseen !== undefined) output.say(unseen);
    output.say(`${count} exported; they are still on the queue.`);
  },
});
