import type * as z from 'zod/mini';
import { inexactNumbers } from './exact-numbers.ts';
import { isObject, parseJson } from './json.ts';
import { jsonDepth, maximumDepth } from './json-depth.ts';
import { knownFields, type Message, messageSchema, messageTime } from './message.ts';
import { nearest } from './nearest.ts';

/** The longest body of a message, in bytes. The sends queue takes more: attributes count there (resources/queues.yml). */
export const maximumMessageBytes = 256 * 1024;

/** How far ahead `expiresAt` may lie, in milliseconds: the sends queue keeps a message for 4 days. */
export const maximumLifeMs = 3 * 24 * 60 * 60 * 1000;

/** How many problems are told at once; the rest is counted. */
const maximumProblems = 20;

/** One thing that is wrong with a message. */
export interface Problem {
  /** Where: a JSON path such as `parameters[0].name`; empty for the message as a whole. */
  readonly path: string;
  /** What is wrong and what to do, without the value itself: it may be personal. */
  readonly text: string;
}

export type ParsedMessage =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the body of a message on the sends queue. Tells every problem at once, each with its place.
 * `queuedAt` (epoch milliseconds) is when the queue took the message: `expiresAt` is limited from there.
 */
export function parseMessage(body: string, { queuedAt }: { queuedAt: number }): ParsedMessage {
  if (Buffer.byteLength(body) > maximumMessageBytes)
    return refuse('is over 256 KiB: send a link instead of the content');
  if (jsonDepth(body) > maximumDepth)
    return refuse(`is nested more than ${maximumDepth} levels deep: flatten it`);
  const json = parseJson(body);
  if (json === undefined) return refuse('is not valid JSON: put one JSON object on the queue, in UTF-8');
  if (!isObject(json)) return refuse('must be a JSON object');

  const result = messageSchema.safeParse(json);
  const issues = result.success ? [] : result.error.issues;
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, json)),
    ...tooFarAhead(json, queuedAt),
    ...inexact(body, json),
  ];
  if (!result.success || problems.length > 0) return { ok: false, problems: told(problems) };
  const message = result.data;
  // The vendor's own object travels as it came: validation copies, and a copy loses keys such as "__proto__".
  if (message.type === 'session' && isObject(json['message'])) {
    return { ok: true, message: { ...message, message: json['message'] } };
  }
  return { ok: true, message };
}

function refuse(text: string): ParsedMessage {
  return { ok: false, problems: [{ path: '', text }] };
}

function tooFarAhead({ expiresAt }: Record<string, unknown>, queuedAt: number): Found[] {
  const isTime = typeof expiresAt === 'string' && messageTime.safeParse(expiresAt).success;
  if (!isTime || Date.parse(expiresAt) <= queuedAt + maximumLifeMs) return [];
  const text = 'lies more than 3 days after the message was queued: choose an earlier time';
  return [() => ({ path: 'expiresAt', text })];
}

/** Only these two fields are passed on as they came. Everywhere else, a number is refused anyway. */
function inexact(body: string, { callbackData, message }: Record<string, unknown>): Found[] {
  if (callbackData === undefined && message === undefined) return [];
  const text =
    'is a number that would be altered on the way: write it as a string, or with at most 15 digits';
  return inexactNumbers(body)
    .filter(([field]) => field === 'callbackData' || field === 'message')
    .map((path) => () => ({ path: formatPath(path), text }));
}

/** One line for all problems, such as `to: is required; txt: is not a field here, did you mean "text"?` */
export function summarize(problems: readonly Problem[]): string {
  return problems
    .map(({ path, text }) => (path === '' ? `the message ${text}` : `${path}: ${text}`))
    .join('; ');
}

/** A problem that is put into words only when it is told: of thousands, most are counted, and words are work. */
type Found = () => Problem;

function told(problems: readonly Found[]): readonly Problem[] {
  const first = problems.slice(0, maximumProblems).map((problem) => problem());
  const left = problems.length - first.length;
  return left === 0 ? first : [...first, { path: '', text: `has ${left} more problems` }];
}

function problemsOf(issue: z.core.$ZodIssue, json: Record<string, unknown>): Found[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => () => unknownField(key, issue.path, json));
  return [() => ({ path: formatPath(issue.path), text: wordsFor(issue, json) })];
}

function wordsFor(
  issue: Exclude<z.core.$ZodIssue, z.core.$ZodIssueUnrecognizedKeys>,
  json: Record<string, unknown>,
): string {
  switch (issue.code) {
    case 'invalid_union':
      return 'must be "text", "template" or "session"';
    case 'invalid_type':
      return wrongType(issue.expected, valueAt(json, issue.path));
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    default:
      // Every check of the schema has words of its own: zod's depend on what else the process has loaded.
      return issue.message;
  }
}

function wrongType(expected: string, value: unknown): string {
  const article = /^[aeio]/.test(expected) ? 'an' : 'a';
  if (value === undefined) return `is required: ${article} ${expected}`;
  return `must be ${article} ${expected}, not ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function unknownField(key: string, path: readonly PropertyKey[], json: Record<string, unknown>): Problem {
  const where = formatPath([...path, key]);
  const fields = path.length > 0 ? ['name', 'value', 'filename'] : knownFields[typeOf(json)];
  const meant = key.length <= 64 ? nearest(key, fields) : undefined;
  return {
    path: where,
    text:
      meant === undefined
        ? 'is not a field here: remove it'
        : `is not a field here, did you mean "${meant}"?`,
  };
}

function typeOf(json: Record<string, unknown>): Message['type'] {
  const { type } = json;
  return type === 'template' || type === 'session' ? type : 'text';
}

/** A key is shown only when it looks like a name: one that holds a phone number or a sentence may be personal. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const name =
        /^[A-Za-z_][\w-]{0,63}$/.test(String(key)) && !/\d{6}/.test(String(key)) ? String(key) : '(unnamed)';
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => Object.getOwnPropertyDescriptor(Object(value), key)?.value, json);
}
