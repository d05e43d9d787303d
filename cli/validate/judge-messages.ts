import { parseJson } from '../../lib/message/json.ts';
import { type Problem, parseMessage } from '../../lib/message/parse.ts';
import { usageError } from '../errors.ts';
import { byteOrderMark, utf8Of } from '../terminal/text.ts';

/** A message that the sender would refuse. */
export interface Invalid {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly problems: Problem[];
}

export interface Judged {
  readonly messages: number;
  readonly invalid: readonly Invalid[];
}

/**
 * Judges the messages in a file as the sender would. `name` begins a sentence; `queuedAt` in epoch milliseconds. Throws
 * `not-utf-8`, and `usage` where there is no message at all.
 */
export function judgeMessages(
  bytes: Buffer,
  { name, queuedAt }: { readonly name: string; readonly queuedAt: number },
): Judged {
  const messages = split(utf8Of(bytes, name).toString());
  if (messages.length === 0) throw usageError(`${name} holds no message.`);
  const invalid = messages.flatMap(({ line, body }) => {
    const parsed = parseMessage(body, { queuedAt });
    if (parsed.ok) return [];
    return [{ line, problems: body.startsWith(mark) ? [marked] : [...parsed.problems] }];
  });
  return { messages: messages.length, invalid };
}

const mark = byteOrderMark.toString();

/** The sender has no file before it, and no JSON begins so. */
const marked: Problem = {
  path: '',
  text: 'begins with a byte order mark, which is no JSON: save the file as UTF-8 without it',
};

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
