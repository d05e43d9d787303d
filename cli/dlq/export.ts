import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { openDeadLetters } from './dead-letters.ts';
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
  async run({ output, signal, target: findTarget }, { reveal = false, ...filter }: ListOptions) {
    const target = await findTarget();
    const letters = await (await openDeadLetters(target, { signal })).list(filter);
    const now = Date.now();
    for (const letter of letters) {
      const result = { ...letterResult(letter, { now, reveal }), ...(reveal && { body: letter.body }) };
      output.result(result, JSON.stringify(result));
    }
    output.say(`${letters.length} exported; they are still on the queue.`);
  },
});
