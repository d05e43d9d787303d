import { createHash } from 'node:crypto';
import { contentDigest } from '../../lib/delivery/decode.ts';
import type { Message } from '../../lib/message/message.ts';
import { type Problem, parseMessage } from '../../lib/message/parse.ts';
import { configurationError } from '../errors.ts';
import { controlCharacterIn } from '../send/control-characters.ts';
import { maskNumber } from '../terminal/masking.ts';
import { derivedId } from './row-id.ts';
import type { BulkInput, ReadRow, Row } from './rows.ts';

/** A row that can be queued. */
export interface ReadyRow {
  readonly row: Row;
  readonly id: string;
  /** The queue message. */
  readonly body: string;
}

export interface InvalidRow {
  readonly row: Row;
  /** The id that it would have had. */
  readonly id: string;
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
  /** Of everything that would be sent, whenever that is: the same rows with other options give another one. */
  readonly digest: string;
}

export interface PreflightOptions {
  /** Fields of rows that do not have them. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Numbers of the rows that an earlier run has queued: they have had their time. */
  readonly queuedBefore: ReadonlySet<number>;
  /** Why a number looks mistyped; for warnings. */
  readonly suspicionAbout: (recipient: string) => string | undefined;
}

/** Checks every row, and the rows against each other. A row without an id gets one of its own, always the same. */
export async function preflight(input: BulkInput, options: PreflightOptions): Promise<Preflight> {
  const placesOf = createPlaces();
  const ids = new Map<string, number>();
  const contents = new Map<string, CheckedRow>();
  const checked: CheckedRow[] = [];
  const warnings: Warning[] = [];
  const everything = createHash('sha256');

  for await (const read of input.rows()) {
    const { message, content, hasOwnId, ...found } = checkRow(read, input.digest, options);
    everything.update(content).update(found.id);
    if (message === undefined) {
      checked.push(found);
      continue;
    }
    const { line } = found.row;
    const problems = [...found.problems];
    const sameId = hasOwnId ? firstOf(ids, `${message.businessId ?? ''} ${found.id}`, line) : undefined;
    if (sameId !== undefined) problems.push({ path: 'id', text: `is that of line ${sameId}, too` });
    const row: CheckedRow = { ...found, problems, places: placesOf(message) };
    const same = firstOf(contents, content, row);
    if (same !== undefined && sameId === undefined) {
      const text = `says the same to the same recipient as line ${same.row.line}`;
      // Whoever gives ids has thought about which messages are one.
      if (hasOwnId) warnings.push({ line, text });
      else problems.push({ path: '', text: `${text}: take it out, or give both an id` });
    }
    const suspicion = options.suspicionAbout(message.to);
    if (suspicion !== undefined)
      warnings.push({ line, text: `${maskNumber(message.to)} looks mistyped: ${suspicion}` });
    const unseen = controlCharacterIn(message);
    if (unseen !== undefined) warnings.push({ line, text: unseen });
    // Under the same id, the sender would send a repetition that somebody queues after all only once.
    checked.push(same === undefined || hasOwnId ? row : { ...row, id: same.id });
  }

  if (checked.length === 0)
    throw configurationError('no-rows', 'The input holds no row. Nothing was queued.');
  const ready: ReadyRow[] = [];
  const invalid: InvalidRow[] = [];
  for (const { row, id, body, problems: found, places: filled } of checked) {
    const problems = [...found, ...missingParameters(filled)];
    if (problems.length > 0) invalid.push({ row, id, problems });
    else ready.push({ row, id, body });
  }
  return { ready, invalid, warnings, digest: everything.digest('hex') };
}

/** What is kept of a row until all are read. */
interface CheckedRow {
  readonly row: Row;
  readonly id: string;
  readonly body: string;
  readonly problems: readonly Problem[];
  /** Of a template: those that it fills. */
  readonly places?: FilledPlaces | undefined;
}

interface JustChecked extends CheckedRow {
  /** Undefined when it is none. */
  readonly message: Message | undefined;
  /** A digest of what it says. */
  readonly content: string;
  readonly hasOwnId: boolean;
}

function checkRow(
  { row, fields: read, problems }: ReadRow,
  inputDigest: string,
  { defaults, now, queuedBefore }: PreflightOptions,
): JustChecked {
  const given: Record<string, unknown> = { ...defaults, ...read };
  const fields = { type: typeOf(given), ...given };
  const { id: ownId } = given;
  const hasOwnId = ownId !== undefined;
  const content = contentDigest(fields);
  // Whoever queues this row again, after a crash as well, queues the same id: the sender sends it once.
  const id = typeof ownId === 'string' ? ownId : derivedId(inputDigest, row.number, content);
  const body = JSON.stringify(hasOwnId ? fields : { ...fields, id });
  const checked = { row, id, body, content, hasOwnId };
  // What could not be read would be told again as missing.
  if (problems.length > 0) return { ...checked, message: undefined, problems };
  const result = parseMessage(body, { queuedAt: now });
  if (!result.ok) return { ...checked, message: undefined, problems: result.problems };
  const { expiresAt = '' } = result.message;
  const hasExpired = !queuedBefore.has(row.number) && Date.parse(expiresAt) <= now;
  const expired = { path: 'expiresAt', text: 'has passed: choose a later time' };
  return { ...checked, message: result.message, problems: hasExpired ? [expired] : [] };
}

/** By what is there when no type is given. */
function typeOf(fields: Readonly<Record<string, unknown>>): string {
  if (fields['templateName'] !== undefined) return 'template';
  return fields['message'] === undefined ? 'text' : 'session';
}

function firstOf<Value>(values: Map<string, Value>, key: string, value: Value): Value | undefined {
  const first = values.get(key);
  if (first === undefined) values.set(key, value);
  return first;
}

/** What the rows of one template fill. */
interface TemplateUse {
  rows: number;
  /** How many of them fill a place. */
  readonly fills: Map<string, number>;
}

/** The places of its template that a row fills: one object for all rows that fill the same ones. */
interface FilledPlaces {
  readonly template: TemplateUse;
  readonly names: ReadonlySet<string>;
}

/** Counts the places that the rows of each template fill. */
function createPlaces(): (message: Message) => FilledPlaces | undefined {
  const templates = new Map<string, TemplateUse>();
  const filled = new Map<string, FilledPlaces>();
  return (message) => {
    if (message.type !== 'template') return undefined;
    const { templateName, language, parameters = [] } = message;
    const names = parameters.map(({ name }) => name);
    const templateKey = JSON.stringify([templateName, language]);
    const template = templates.get(templateKey) ?? { rows: 0, fills: new Map() };
    templates.set(templateKey, template);
    template.rows += 1;
    for (const name of names) template.fills.set(name, (template.fills.get(name) ?? 0) + 1);
    const key = JSON.stringify([templateName, language, names]);
    const places = filled.get(key) ?? { template, names: new Set(names) };
    filled.set(key, places);
    return places;
  };
}

/** Places that at least half of the rows of its template fill, and this one does not: a template has the same for everybody. */
function missingParameters(places: FilledPlaces | undefined): Problem[] {
  if (places === undefined) return [];
  const { template, names } = places;
  return Array.from(template.fills)
    .filter(([name, count]) => count * 2 >= template.rows && !names.has(name))
    .map(([name]) => ({
      path: `parameters.${name}`,
      text: 'is missing, and other rows of this template have it',
    }));
}
