import { inFile } from '../harness/planted-changes.ts';
import type { Defect } from '../harness/proof.ts';

const logLines = 'lib/delivery/log-lines.ts';
const logger = 'lib/logger.ts';

const leaks: readonly Pick<Defect, 'name' | 'changes'>[] = [
  {
    name: 'logs the recipient of an attempt',
    changes: inFile(logLines, 'type: sendable.message.type', 'type: sendable.message.to'),
  },
  {
    name: 'logs a text in base64 in place of its kind',
    changes: inFile(
      logLines,
      'type: sendable.message.type',
      "type: Buffer.from(JSON.stringify(sendable.message)).toString('base64')",
    ),
  },
  {
    name: 'tells contents apart by a hash of the phone number',
    changes: inFile(
      'lib/delivery/decode.ts',
      "return hash('sha256', JSON.stringify(sorted(content)));",
      "return hash('sha256', message.to);",
    ),
  },
  {
    name: 'quotes an invalid message in the reason why',
    changes: inFile(
      'lib/delivery/decode.ts',
      'const message = summarize(parsed.problems);',
      'const message = `${summarize(parsed.problems)}: ${queued.body.slice(0, 300)}`;',
    ),
  },
  {
    name: 'writes the words of an error into the log',
    changes: inFile(logger, 'errorName: error.name,', 'errorName: error.message,'),
  },
  {
    name: 'takes every line of a stack for a place',
    changes: inFile(
      logger,
      ".replace(error.message, () => '')\n    .split('\\n')\n    .filter((line) => /^\\s+at .*:\\d+:\\d+\\)?$/.test(line))",
      ".split('\\n')",
    ),
  },
  {
    name: 'answers a webhook with what went wrong',
    changes: inFile(
      'lib/webhook/answer.ts',
      'body: JSON.stringify({ message: messages[status] }),',
      "body: JSON.stringify({ message: 'cause' in receipt ? String(receipt.cause) : messages[status] }),",
    ),
  },
  {
    name: 'keeps the parser\u2019s words about a malformed webhook secret',
    changes: inFile(
      'lib/webhook/secrets.ts',
      'const list = parseJson(value);',
      "let list: unknown; try { list = JSON.parse(value); } catch (cause) { throw new RelayError('secret-invalid', 'No list.', { cause }); }",
    ),
  },
  {
    name: 'logs the signature of an event that it refuses',
    changes: inFile(
      'lib/webhook/receive.ts',
      "{ status: 401, result: 'signature-wrong' };",
      "{ status: 401, result: `signature-wrong ${signature.toString('hex')}` };",
    ),
  },
  {
    name: 'gives the sender of an event for its topic',
    changes: inFile(
      'lib/webhook/event.ts',
      "attributeText(at(event, 'topic'));",
      "attributeText(at(event, 'sender'));",
    ),
  },
  {
    name: 'repeats what Connectly says about a failure',
    changes: inFile(
      'lib/connectly/answer.ts',
      'meaning} ${known.remedy}`,',
      'meaning} ${known.remedy} ${result.body}`,',
    ),
  },
  {
    name: 'names the key that cannot be one',
    changes: inFile(
      'lib/connectly/api-key.ts',
      "'The API key secret holds a key that is empty or has characters that no key has.',",
      '`The API key ${encodeURIComponent(String(key))} cannot be one.`,',
    ),
  },
  {
    name: 'puts the message beside a copy of it',
    changes: inFile(
      'lib/aws/send-queues.ts',
      'MessageAttributes: copyAttributes(ownAttributes(record), note),',
      'MessageAttributes: { ...copyAttributes(ownAttributes(record), note), copy: text(encodeURIComponent(bodyOf(record))) },',
    ),
  },
  {
    name: 'reports whom a status is about',
    changes: inFile(
      'lib/webhook/event.ts',
      '    sendId,\n    ...(businessId',
      "    sendId: `${sendId} ${String(at(event, 'sender'))}`,\n    ...(businessId",
    ),
  },
  {
    name: 'keeps the content of a message in the ledger',
    changes: inFile(
      'lib/delivery/decode.ts',
      'export function contentDigest(message: Readonly<Record<string, unknown>>): string {',
      'export function contentDigest(message: Readonly<Record<string, unknown>>): string {\n  return JSON.stringify(message);',
    ),
  },
];

/** A function that is silent leads every run astray: what it does not write, nobody can search. */
const silent: Defect = {
  name: 'writes no line, and so no metric, about an attempt',
  changes: inFile(
    'lib/compose/send-message.ts',
    'logger.write(attemptLevel(delivery), event, { requestId',
    'void ({ requestId',
  ),
  shows: 'runs that left their path',
};

/**
 * The shipped modules with one leak each: a line changed. It must be found by what it lets out, and not because it leads a
 * run astray.
 */
export const defects: readonly Defect[] = [
  ...leaks.map((leak) => Object.assign({ shows: 'canaries found' }, leak)),
  silent,
];
