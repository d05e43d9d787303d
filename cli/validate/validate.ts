import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { type Problem, parseMessage, summarize } from '../../lib/message/parse.ts';
import { defineCommand } from '../command.ts';
import { configurationError, usageError } from '../errors.ts';
import { byteOrderMark, utf8Of } from '../terminal/text.ts';

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
    const messages = split(utf8Of(await readInput(file), nameOf(file)).toString());
    if (messages.length === 0) throw usageError(`${nameOf(file)} holds no message.`);
    const queuedAt = Date.now();
    const invalid = messages.flatMap(({ line, body }) => {
      const parsed = parseMessage(body, { queuedAt });
      if (parsed.ok) return [];
      return [{ line, problems: body.startsWith(mark) ? [marked] : [...parsed.problems] }];
    });
    const valid = messages.length - invalid.length;
    output.result({ messages: messages.length, valid, invalid }, inWords(messages.length, invalid));
    if (invalid.length > 0) {
      throw configurationError(
        'message-invalid',
        `${invalid.length} of ${messages.length} messages would be refused. What a message may hold: npx relay schema`,
      );
    }
  },
});

const mark = byteOrderMark.toString();

/** The sender has no file before it, and no JSON begins so. */
const marked: Problem = {
  path: '',
  text: 'begins with a byte order mark, which is no JSON: save the file as UTF-8 without it',
};

interface Invalid {
  readonly line: number;
  readonly problems: readonly Problem[];
}

function inWords(messages: number, invalid: readonly Invalid[]): string[] {
  if (invalid.length === 0)
    return [messages === 1 ? 'The message is valid.' : `All ${messages} messages are valid.`];
  const told = invalid
    .slice(0, maximumTold)
    .map(({ line, problems }) => `line ${line}: ${summarize(problems)}`);
  const rest = invalid.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** One message on each line, unless the first line is only the beginning of one that is spread over several. */
function split(text: string): { readonly line: number; readonly body: string }[] {
  const lines = text.split('\n').map((body, index) => ({ line: index + 1, body }));
  const filled = lines.filter(({ body }) => body.trim() !== '');
  const [first] = filled;
  if (first === undefined) return [];
  const oneEach =
    parseJson(first.body) !== undefined || filled.every(({ body }) => body.trimStart().startsWith('{'));
  return oneEach ? filled : [{ line: first.line, body: text }];
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : `The file ${file}`;
}
