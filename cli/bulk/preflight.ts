import { createHash } from 'node:crypto';
import { contentDigest } from '../../lib/delivery/message-key.ts';
import type { Message } from '../../lib/message/message.ts';
import { type Problem, parseMessage } from '../../lib/message/parse.ts';
import { maskNumber } from '../terminal/masking.ts';
import type { BulkInput, Row } from './rows.ts';

/** A row that can be queued. */
export interface ReadyRow {
  readonly row: Row;
  /** The queue message. */
  readonly body: string;
}

export interface InvalidRow {
  readonly row: Row;
  readonly problems: readonly Problem[];
}

export interface Warning {
  readonly line: number;
  readonly text: string;
}

export interface Preflight {
  readonly ready: readonly ReadyRow[];
  readonly invalid: readonly InvalidRow[];
  readonly warnings: readonly Warning[];
  /** Of everything that would be sent: the same rows with other options give another one. */
  readonly digest: string;
}

export interface PreflightOptions {
  /** Fields of rows that do not have them. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Why a number looks mistyped; for warnings. */
  readonly suspicionAbout: (recipient: string) => string | undefined;
}

/** Checks every row, and the rows against each other. A row without an id gets one of its own, always the same. */
export function preflight(input: BulkInput, { defaults, now, suspicionAbout }: PreflightOptions): Preflight {
  const parsed = input.rows.map((row) => parseRow(row, input.digest, { defaults, now }));
  const expected = expectedParameters(parsed);
  const ids = new Map<string, number>();
  const contents = new Map<string, number>();
  const ready: ReadyRow[] = [];
  const invalid: InvalidRow[] = [];
  const warnings: Warning[] = [];
  const hash = createHash('sha256');

  for (const { row, message, body, hasOwnId, problems: found } of parsed) {
    const { line } = row;
    const problems = [...found];
    if (message !== undefined) {
      problems.push(...missingParameters(message, expected));
      const sameId = firstLine(ids, JSON.stringify([message.businessId, message.id]), line);
      if (sameId !== undefined) problems.push({ path: 'id', text: `is that of line ${sameId}, too` });
      const sameContent = firstLine(contents, contentDigest(message), line);
      if (sameContent !== undefined && sameId === undefined) {
        const text = `says the same to the same recipient as line ${sameContent}`;
        // Whoever gives ids has thought about which messages are one.
        if (hasOwnId) warnings.push({ line, text });
        else problems.push({ path: '', text: `${text}: take it out, or give both an id` });
      }
      const suspicion = suspicionAbout(message.to);
      if (suspicion !== undefined)
        warnings.push({ line, text: `${maskNumber(message.to)} looks mistyped: ${suspicion}` });
    }
    if (problems.length > 0) invalid.push({ row, problems });
    else if (message !== undefined) {
      ready.push({ row, body });
      hash.update(contentDigest(message)).update(message.id ?? '');
    }
  }
  return { ready, invalid, warnings, digest: hash.digest('hex') };
}

interface ParsedRow {
  readonly row: Row;
  /** Undefined when it is none. */
  readonly message: Message | undefined;
  readonly body: string;
  readonly hasOwnId: boolean;
  readonly problems: readonly Problem[];
}

function parseRow(
  row: Row,
  inputDigest: string,
  { defaults, now }: Pick<PreflightOptions, 'defaults' | 'now'>,
): ParsedRow {
  const given = { ...defaults, ...row.fields };
  const hasOwnId = given['id'] !== undefined;
  const fields = {
    type: typeOf(given),
    ...given,
    // Whoever queues this row again, after a crash as well, queues the same id: the sender sends it once.
    ...(!hasOwnId && { id: derivedId(inputDigest, row.number) }),
  };
  const body = JSON.stringify(fields);
  // What could not be read would be told again as missing.
  if (row.problems.length > 0) return { row, message: undefined, body, hasOwnId, problems: row.problems };
  const result = parseMessage(body, { queuedAt: now });
  return result.ok
    ? { row, message: result.message, body, hasOwnId, problems: [] }
    : { row, message: undefined, body, hasOwnId, problems: result.problems };
}

/** By what is there when no type is given. */
function typeOf(fields: Readonly<Record<string, unknown>>): string {
  if (fields['templateName'] !== undefined) return 'template';
  return fields['message'] === undefined ? 'text' : 'session';
}

function derivedId(inputDigest: string, row: number): string {
  return `bulk-${createHash('sha256').update(`${inputDigest}:${row}`).digest('hex').slice(0, 32)}`;
}

function firstLine(lines: Map<string, number>, key: string, line: number): number | undefined {
  const first = lines.get(key);
  if (first === undefined) lines.set(key, line);
  return first;
}

/** The parameters that at least half of the rows with a template fill: a template has the same places for everybody. */
function expectedParameters(rows: readonly ParsedRow[]): Map<string, string[]> {
  const seen = new Map<string, { rows: number; names: Map<string, number> }>();
  for (const { message } of rows) {
    if (message?.type !== 'template') continue;
    const key = templateKey(message);
    const entry = seen.get(key) ?? { rows: 0, names: new Map<string, number>() };
    seen.set(key, entry);
    entry.rows += 1;
    for (const { name } of message.parameters ?? []) entry.names.set(name, (entry.names.get(name) ?? 0) + 1);
  }
  return new Map(
    Array.from(seen, ([key, entry]) => [
      key,
      Array.from(entry.names)
        .filter(([, count]) => count * 2 >= entry.rows)
        .map(([name]) => name),
    ]),
  );
}

function missingParameters(message: Message, expected: ReadonlyMap<string, readonly string[]>): Problem[] {
  if (message.type !== 'template') return [];
  const given = new Set((message.parameters ?? []).map(({ name }) => name));
  return (expected.get(templateKey(message)) ?? [])
    .filter((name) => !given.has(name))
    .map((name) => ({
      path: `parameters.${name}`,
      text: 'is missing, and other rows of this template have it',
    }));
}

function templateKey({
  templateName,
  language,
}: {
  templateName: string;
  language?: string | undefined;
}): string {
  return JSON.stringify([templateName, language]);
}
