import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { maximumMessageBytes, type ParsedMessage, parseMessage } from '../../../lib/message/parse.ts';

// What zod writes and compiles itself could not be counted.
z.config({ jitless: true });

const inspector = new Session();

beforeAll(async () => {
  inspector.connect();
  await inspector.post('Profiler.enable');
  // Before anything is compiled: what is compiled without counters is not counted.
  await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});

afterAll(() => inspector.disconnect());

/** Parses a body, and counts, since the body before, how often the blocks of our code and of zod's ran: the same on any machine. */
async function parsed(body: string): Promise<{ result: ParsedMessage; work: number }> {
  const result = parseMessage(body, { queuedAt: 0 });
  const { result: scripts } = await inspector.post('Profiler.takePreciseCoverage');
  const blocks = scripts
    .filter(({ url }) => /\/lib\/message\/|\/node_modules\/zod\//.test(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
  return { result, work: blocks.reduce((sum, { count }) => sum + count, 0) };
}

/** The same again and again between two ends, up to so many bytes. */
function repeated(
  [before, part, after]: readonly [string, string | ((index: number) => string), string],
  bytes: number,
) {
  const parts: string[] = [];
  let left = bytes - Buffer.byteLength(before + after);
  for (let index = 0; ; index += 1) {
    const next = (index === 0 ? '' : ',') + (typeof part === 'string' ? part : part(index));
    left -= Buffer.byteLength(next);
    if (left < 0) break;
    parts.push(next);
  }
  return before + parts.join('') + after;
}

/** The same characters again and again in one string. */
function filled([before, part, after]: readonly [string, string, string], bytes: number) {
  return (
    before +
    part.repeat(Math.floor((bytes - Buffer.byteLength(before + after)) / Buffer.byteLength(part))) +
    after
  );
}

const text = '{"type":"text","to":"+15555555555"';
const template = '{"type":"template","to":"+15555555555","templateName":"x","parameters":[';
const session = '{"type":"session","to":"+15555555555","message":{"text":"a",';
const keys = (index: number) => `"k${index}":1`;
const meant = (index: number) => `"tex${index % 10}${'x'.repeat(index % 50)}${index}":1`;

const lists = {
  'parameters that are numbers': [template, '1', ']}'],
  'parameters without anything': [template, '{}', ']}'],
  'parameters with a wrong name': [template, '{"nam":1}', ']}'],
  'parameters that are right': [template, '{"name":"body_1","value":"a"}', ']}'],
  'unknown keys': [`${text},"text":"a",`, keys, '}'],
  'keys that look like typing errors': [`${text},"text":"a",`, meant, '}'],
  'unknown keys of a parameter': [`${template}{"name":"a","value":"b",`, keys, '}]}'],
  attachments: [`${session}"attachments":[`, '{}', ']}}'],
  sections: [`${session}"listMessage":{"button":{"text":"a"},"sections":[`, '{"rows":[{}]}', ']}}}'],
  rows: [`${session}"listMessage":{"button":{"text":"a"},"sections":[{"rows":[`, '{}', ']}]}}}'],
  buttons: [`${session}"replyButtonMessage":{"buttons":[`, '{}', ']}}}'],
  'what Connectly may know': [`${session}"other":[`, '{"a":[1]}', ']}}'],
  'keys that Connectly may know': [session, keys, '}}'],
  'numbers that would be altered': [`${text},"text":"a","callbackData":[`, '1e400', ']}'],
  'the same in a message': [`${session}"other":[`, '0.10000000000000000001', ']}}'],
  ids: [`${text},"text":"a","id":[`, '"a"', ']}'],
} as const satisfies Record<string, readonly [string, string | ((index: number) => string), string]>;

const strings = {
  'a long text': [`${text},"text":"`, 'a', '"}'],
  escapes: [`${text},"text":"`, '\\u0000', '"}'],
  'halves of pairs': [`${text},"text":"`, '\\ud83d', '"}'],
  'emoji beside buttons': [
    `{"type":"session","to":"+15555555555","message":{"replyButtonMessage":{"buttons":[]},"text":"`,
    '🎉',
    '"}}',
  ],
  'a long number': [`${text},"text":"a","callbackData":`, '1', '}'],
  'a long fraction': [`${text},"text":"a","callbackData":0.`, '1', '}'],
  'a long recipient': ['{"type":"text","text":"a","to":"+', '1', '"}'],
  'a long id': [`${text},"text":"a","id":"`, '~', '"}'],
  'a long time': [`${text},"text":"a","expiresAt":"2026-11-22T18:00:00.`, '0', 'Z"}'],
  'a long address': [`${session}"attachments":[{"type":"image","url":"https://`, 'a.', '"}]}}'],
  'a long key': [`${text},"text":"a","`, 'k', '":1}'],
  blanks: [text, ' ', '}'],
  'lists in lists': ['', '[', ''],
  'objects in objects': ['', '{"a":', ''],
  quotes: ['', '"', ''],
  'line feeds': ['', '\n', ''],
} as const satisfies Record<string, readonly [string, string, string]>;

const bodies: readonly [string, (bytes: number) => string][] = [
  ...Object.entries(lists).map(([name, list]) => [name, (bytes: number) => repeated(list, bytes)] as const),
  ...Object.entries(strings).map(([name, one]) => [name, (bytes: number) => filled(one, bytes)] as const),
].map(([name, make]) => [name, make]);

describe('A message as large as may be', () => {
  it.each(bodies)(
    'has an outcome, and costs no more than twice one of half its size: %s',
    async (_, make) => {
      const half = await parsed(make(maximumMessageBytes / 2));
      const whole = await parsed(make(maximumMessageBytes));

      const problems = whole.result.ok ? [] : whole.result.problems;
      expect(problems.length).toBeLessThanOrEqual(21);
      expect(whole.work).toBeLessThanOrEqual(2.2 * half.work + 1_000);
      // Steps over what was sent, and not for each of its problems: a block runs for some bytes.
      expect(whole.work).toBeLessThanOrEqual(12 * maximumMessageBytes);
    },
  );
});
