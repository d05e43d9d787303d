import type { Defect } from '../harness/proof.ts';

const logLines = 'lib/delivery/log-lines.ts';
const logger = 'lib/logger.ts';

const leaks: readonly Pick<Defect, 'name' | 'changes'>[] = [
  {
    name: 'logs the recipient of an attempt',
    changes: [{ file: logLines, find: 'type: sendable.message.type', replace: 'type: sendable.message.to' }],
  },
  {
    name: 'logs a text in base64 in place of its kind',
    changes: [
      {
        file: logLines,
        find: 'type: sendable.message.type',
        replace: "type: Buffer.from(JSON.stringify(sendable.message)).toString('base64')",
      },
    ],
  },
  {
    name: 'tells contents apart by a hash of the phone number',
    changes: [
      {
        file: 'lib/delivery/decode.ts',
        find: "return hash('sha256', JSON.stringify(sorted(content)));",
        replace: "return hash('sha256', message.to);",
      },
    ],
  },
  {
    name: 'quotes an invalid message in the reason why',
    changes: [
      {
        file: 'lib/delivery/decode.ts',
        find: 'const message = summarize(parsed.problems);',
        replace: 'const message = `${summarize(parsed.problems)}: ${queued.body.slice(0, 300)}`;',
      },
    ],
  },
  {
    name: 'writes the words of an error into the log',
    changes: [{ file: logger, find: 'errorName: error.name,', replace: 'errorName: error.message,' }],
  },
  {
    name: 'takes every line of a stack for a place',
    changes: [
      {
        file: logger,
        find: ".replace(error.message, () => '')\n    .split('\\n')\n    .filter((line) => /^\\s+at .*:\\d+:\\d+\\)?$/.test(line))",
        replace: ".split('\\n')",
      },
    ],
  },
  {
    name: 'answers a webhook with what went wrong',
    changes: [
      {
        file: 'lib/webhook/answer.ts',
        find: 'body: JSON.stringify({ message: messages[status] }),',
        replace:
          "body: JSON.stringify({ message: 'cause' in receipt ? String(receipt.cause) : messages[status] }),",
      },
    ],
  },
  {
    name: 'keeps the parser\u2019s words about a malformed webhook secret',
    changes: [
      {
        file: 'lib/webhook/secrets.ts',
        find: 'const list = parseJson(value);',
        replace:
          "let list: unknown; try { list = JSON.parse(value); } catch (cause) { throw new RelayError('secret-invalid', 'No list.', { cause }); }",
      },
    ],
  },
  {
    name: 'logs the signature of an event that it refuses',
    changes: [
      {
        file: 'lib/webhook/receive.ts',
        find: "{ status: 401, result: 'signature-wrong' };",
        replace: "{ status: 401, result: `signature-wrong ${signature.toString('hex')}` };",
      },
    ],
  },
  {
    name: 'gives the sender of an event for its topic',
    changes: [
      {
        file: 'lib/webhook/event.ts',
        find: "attributeText(at(event, 'topic'));",
        replace: "attributeText(at(event, 'sender'));",
      },
    ],
  },
  {
    name: 'repeats what Connectly says about a failure',
    changes: [
      {
        file: 'lib/connectly/answer.ts',
        find: 'meaning} ${known.remedy}`,',
        replace: 'meaning} ${known.remedy} ${result.body}`,',
      },
    ],
  },
  {
    name: 'names the key that cannot be one',
    changes: [
      {
        file: 'lib/connectly/api-key.ts',
        find: "'The API key secret holds a key that is empty or has characters that no key has.',",
        replace: '`The API key ${encodeURIComponent(String(key))} cannot be one.`,',
      },
    ],
  },
  {
    name: 'puts the message beside a copy of it',
    changes: [
      {
        file: 'lib/aws/send-queues.ts',
        find: 'MessageAttributes: copyAttributes(ownAttributes(record), note),',
        replace:
          'MessageAttributes: { ...copyAttributes(ownAttributes(record), note), copy: text(encodeURIComponent(bodyOf(record))) },',
      },
    ],
  },
  {
    name: 'reports whom a status is about',
    changes: [
      {
        file: 'lib/webhook/event.ts',
        find: '    sendId,\n    ...(businessId',
        replace: "    sendId: `${sendId} ${String(at(event, 'sender'))}`,\n    ...(businessId",
      },
    ],
  },
  {
    name: 'keeps the content of a message in the ledger',
    changes: [
      {
        file: 'lib/delivery/decode.ts',
        find: 'export function contentDigest(message: Readonly<Record<string, unknown>>): string {',
        replace:
          'export function contentDigest(message: Readonly<Record<string, unknown>>): string {\n  return JSON.stringify(message);',
      },
    ],
  },
];

/** A function that is silent leads every run astray: what it does not write, nobody can search. */
const silent: Defect = {
  name: 'writes no line, and so no metric, about an attempt',
  changes: [
    {
      file: 'lib/compose/send-message.ts',
      find: 'logger.write(attemptLevel(delivery), event, { requestId',
      replace: 'void ({ requestId',
    },
  ],
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
