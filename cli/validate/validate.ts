import * as z from 'zod';
import { summarize } from '../../lib/message/parse.ts';
import { defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { type Invalid, judgeMessages } from './judge-messages.ts';

/** So many bad messages are told in words; with --json all are. */
const maximumTold = 50;

/** `relay validate` */
export const validate = defineCommand({
  examples: ['validate message.json', 'validate messages.ndjson --json', 'validate - < message.json'],
  result: z.strictObject({
    messages: z.int(),
    valid: z.int(),
    invalid: z.array(
      z.strictObject({
        /** Where the message begins, from 1. */
        line: z.int(),
        problems: z.array(
          z.strictObject({
            /** A JSON path such as parameters[0].name; empty for the message as a whole. */
            path: z.string(),
            text: z.string(),
          }),
        ),
      }),
    ),
  }),
  define: (command) => command.argument('<file>', 'one message, or one on each line; - for stdin'),
  async run({ output, readInput }, _options, [file = '-']) {
    const bytes = await readInput(file);
    const { messages, invalid } = judgeMessages(bytes, { name: nameOf(file), queuedAt: Date.now() });
    output.result(
      { messages, valid: messages - invalid.length, invalid: [...invalid] },
      inWords(messages, invalid),
    );
    if (invalid.length > 0) {
      throw configurationError(
        'message-invalid',
        `${invalid.length} of ${messages} messages would be refused. What a message may hold: npx relay schema`,
      );
    }
  },
});

function inWords(messages: number, invalid: readonly Invalid[]): string[] {
  if (invalid.length === 0)
    return [messages === 1 ? 'The message is valid.' : `All ${messages} messages are valid.`];
  const told = invalid
    .slice(0, maximumTold)
    .map(({ line, problems }) => `line ${line}: ${summarize(problems)}`);
  const rest = invalid.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : `The file ${file}`;
}
