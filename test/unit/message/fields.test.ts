import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { preflight } from '../../../cli/bulk/preflight.ts';
import { readBulkInput } from '../../../cli/bulk/read-input.ts';
import { toSendRequest } from '../../../lib/connectly/requests.ts';
import { isObject } from '../../../lib/message/json.ts';
import { knownFields, type Message } from '../../../lib/message/message.ts';
import { parseMessage, summarize } from '../../../lib/message/parse.ts';
import { readSessionMessage } from '../../../local/connectly/session-message.ts';
import { readTemplatedMessage } from '../../../local/connectly/templated-message.ts';
import { relayWith } from '../../support/relay-command.ts';
import { completeMessages, fieldPaths, filledPaths, schemaOf } from './every-field.ts';

// Every place that has to know a field of a message. Each finding names the place, the field and what to do.

type Type = Message['type'];

/** How a field differs from one that has an option and a column of its own name, and that Connectly gets and looks at. */
interface Difference {
  /** Instead of the value in `completeMessages`. */
  readonly value?: unknown;
  /** What is typed after `relay send TYPE`. `-` stands for the value as JSON on stdin. */
  readonly typed?: readonly string[];
  /** The cells that hold it, by their columns. */
  readonly cells?: Readonly<Record<string, string>>;
  /** Why Connectly never gets it. */
  readonly kept?: string;
  /** Why the fake takes anything in its place. */
  readonly unread?: string;
}

/** By the field, or by the type of message and the field. */
const differences: Readonly<Record<string, Difference>> = {
  type: { typed: [], kept: 'chooses the endpoint' },
  id: { unread: 'travels in the wrapper of callbackData' },
  businessId: { typed: ['--business', 'business-1'], kept: 'stands in the address' },
  'template:channelType': { kept: 'the endpoint has one channel' },
  ifUnclear: { kept: 'is for the sender' },
  expiresAt: { value: new Date(Date.now() + 3_600_000).toISOString(), kept: 'is for the sender' },
  callbackData: { unread: 'is handed back as it came' },
  templateName: { typed: ['--template', 'order_ready'] },
  parameters: {
    typed: ['--param', 'header_document=https://example.com/a', '--filename', 'header_document=a.pdf'],
    cells: { header_document: 'https://example.com/a', 'parameters.header_document.filename': 'a.pdf' },
  },
  campaignName: { typed: ['--campaign', 'spring'] },
  message: { typed: ['-'] },
};

function differenceOf(type: Type, field: string): Difference {
  return differences[`${type}:${field}`] ?? differences[field] ?? {};
}

function valueOf(type: Type, field: string): unknown {
  const message = completeMessages.find((each) => each.type === type);
  return differenceOf(type, field).value ?? message?.[field];
}

/** The field and those that every message of the type has. */
function needed(type: Type, field: string): string[] {
  const { required } = schemaOf[type] ?? {};
  return Array.from(new Set([...(Array.isArray(required) ? required.map(String) : []), field]));
}

/** A message of those fields; undefined when it is refused. */
function messageWith(type: Type, field: string): Message | undefined {
  const fields = needed(type, field).map((each) => [each, valueOf(type, each)]);
  const parsed = parseMessage(JSON.stringify(Object.fromEntries(fields)), { queuedAt: Date.now() });
  return parsed.ok ? parsed.message : undefined;
}

/** Where in JSON a value stands: the keys that lead there. */
function placesOf(value: unknown, json: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (isDeepStrictEqual(json, value)) return [path];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, inner]) => placesOf(value, inner, [...path, key]));
}

/** The JSON with another value in one place. */
function withOther(json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  return isObject(json) ? { ...json, [key]: withOther(json[key], rest, value) } : json;
}

const readInFake = {
  text: { file: 'session-message.ts', read: readSessionMessage },
  session: { file: 'session-message.ts', read: readSessionMessage },
  template: { file: 'templated-message.ts', read: readTemplatedMessage },
};

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** As a spreadsheet would write it. */
function cellsOf(type: Type, field: string): Readonly<Record<string, string>> {
  const value = valueOf(type, field);
  const json = typeof value === 'boolean' ? JSON.stringify(value).toUpperCase() : JSON.stringify(value);
  return differenceOf(type, field).cells ?? { [field]: typeof value === 'string' ? value : json };
}

/** The message that `relay bulk` queues for a row with the field, or why there is none. */
async function inBulk(type: Type, field: string): Promise<Readonly<Record<string, unknown>> | string> {
  const cells = Object.assign({}, ...needed(type, field).map((each) => cellsOf(type, each)));
  const csv = Buffer.from(stringify([Object.keys(cells), Object.values(cells)]));
  try {
    const input = readBulkInput(csv, { ignored: [], signal: new AbortController().signal });
    const { ready, invalid } = await preflight(input, {
      defaults: {},
      now: Date.now(),
      queuedBefore: new Set(),
      suspicionAbout: () => undefined,
    });
    return ready[0] === undefined
      ? summarize(invalid.flatMap(({ problems }) => problems))
      : JSON.parse(ready[0].body);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function remedyInBulk(value: unknown): string {
  if (typeof value === 'string') return 'add it to textFields';
  if (typeof value !== 'boolean') return 'add it to jsonFields';
  return 'Column, columnOf and fieldsOf need a kind "boolean", which reads true and false in any case';
}

const root = mkdtempSync(join(tmpdir(), 'relay-fields-'));
writeFileSync(join(root, 'package.json'), '{}');
afterAll(() => rmSync(root, { recursive: true }));

function typedFor(type: Type, field: string): readonly string[] {
  const value = valueOf(type, field);
  const { typed } = differenceOf(type, field);
  if (typed !== undefined) return typed;
  const name = field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  return [`--${name}`, typeof value === 'string' ? value : JSON.stringify(value)];
}

/** The message that `relay send` makes of what was typed, or why there is none. */
async function asTyped(type: Type, field: string): Promise<Readonly<Record<string, unknown>> | string> {
  const typed = needed(type, field).flatMap((each) => typedFor(type, each));
  const stdin = JSON.stringify(valueOf(type, 'message') ?? null);
  const args = ['send', type, ...typed, '--dry-run', '--json', '--reveal'];
  const { exitCode, stdout, stderr } = await relayWith({ stdin }, { root }, ...args);
  return exitCode === 0 ? JSON.parse(stdout).message : JSON.parse(stderr).error.message;
}

function said(outcome: Readonly<Record<string, unknown>> | string, field: string): string {
  if (typeof outcome === 'string') return outcome;
  return field in outcome ? `it arrives as ${JSON.stringify(outcome[field])}` : 'it is dropped on the way';
}

/** The first cells of the rows of all tables. */
function firstCells(markdown: string): string {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) => line.split('|')[1]).join('\n');
}

function pageOf(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

const [, sending = ''] = pageOf('README.md').split('\n## Sending: the sends queue\n');
const [readmeTable = ''] = /^\| field \|[^]*?\n\n/m.exec(sending) ?? [];
const inReadme = firstCells(readmeTable);
const inBulkPage = firstCells(pageOf('docs/bulk.md'));

const types = Object.entries(knownFields).map(([type, fields]) => {
  const known: Type = type === 'template' || type === 'session' ? type : 'text';
  // One without a value is told once.
  return { type: known, fields, tried: fields.filter((field) => valueOf(known, field) !== undefined) };
});

describe.each(types)('Every field of a message of type $type', ({ type, fields, tried }) => {
  it('has a value, at any depth, that the sender accepts', () => {
    const ofType = completeMessages.filter((message) => message.type === type);
    const filled = new Set(ofType.flatMap((message) => filledPaths(message)));

    const missing = fieldPaths(type)
      .filter((path) => !filled.has(path))
      .map((path) => `test/unit/message/every-field.ts has no ${type} with a value for "${path}"`);
    const refused = tried
      .filter((field) => messageWith(type, field) === undefined)
      .map((field) => `lib/message/message.ts refuses the value that every-field.ts has for "${field}"`);

    expect([...missing, ...refused]).toEqual([]);
  });

  it('stands in the table of the README', () => {
    const missing = fields
      .filter((field) => field !== 'type' && !inReadme.includes(`\`${field}\``))
      .map((field) => `README.md, "Sending: the sends queue", has no row for "${field}"`);

    expect(missing).toEqual([]);
  });

  it('is described by relay schema', () => {
    const { properties } = schemaOf[type] ?? {};

    const missing = Object.entries(isObject(properties) ? properties : {})
      .filter(([, schema]) => !isObject(schema) || !schema['description'])
      .map(([field]) => `cli/schema/message-schema.ts, notes, has no description of "${field}"`);

    expect(missing).toEqual([]);
  });

  it('has a column that docs/bulk.md names', () => {
    const missing = fields.flatMap((field) =>
      Object.keys(cellsOf(type, field))
        .map((column) => column.replace(/^parameters\.\w+/, 'parameters.NAME'))
        .filter((column) => !inBulkPage.includes(`\`${column}\``))
        .map((column) => `docs/bulk.md has no row for the column "${column}"`),
    );

    expect(missing).toEqual([]);
  });

  it('arrives as it is from a CSV that is sent in bulk', async () => {
    const findings: string[] = [];
    for (const field of tried) {
      const value = valueOf(type, field);
      const queued = await inBulk(type, field);
      if (typeof queued === 'string' || !isDeepStrictEqual(queued[field], value))
        findings.push(
          `cli/bulk/columns.ts does not read "${field}" (${said(queued, field)}): ${remedyInBulk(value)}`,
        );
    }

    expect(findings).toEqual([]);
  });

  it('arrives as it is from the options of the command that sends such a message', async () => {
    const findings: string[] = [];
    for (const field of tried) {
      const message = await asTyped(type, field);
      if (typeof message === 'string' || !isDeepStrictEqual(message[field], valueOf(type, field)))
        findings.push(
          `cli/send/send.ts or message-options.ts does not take "${field}" from relay send ${type} ${typedFor(type, field).join(' ')} (${said(message, field)})`,
        );
    }

    expect(findings).toEqual([]);
  });

  it('is in the request to Connectly, unless it is listed here why not', () => {
    const findings = tried.flatMap((field) => {
      const message = messageWith(type, field);
      if (message === undefined) return [];
      const isSent = placesOf(valueOf(type, field), toSendRequest(message, undefined).body).length > 0;
      const { kept } = differenceOf(type, field);
      if (isSent === (kept === undefined)) return [];
      return isSent
        ? `lib/connectly/requests.ts sends "${field}" of a ${type}, of which fields.test.ts says that it ${kept}`
        : `lib/connectly/requests.ts never sends "${field}" of a ${type}: send it, or say here under "kept" why not`;
    });

    expect(findings).toEqual([]);
  });

  it('is accepted by the fake Connectly, and refused when it is of another kind', () => {
    const { file, read } = readInFake[type];

    const findings = tried.flatMap((field) => {
      const message = messageWith(type, field);
      if (message === undefined) return [];
      const value = valueOf(type, field);
      const body: unknown = JSON.parse(JSON.stringify(toSendRequest(message, undefined).body));
      const refusal = refusalOf(() => read(body));
      if (refusal !== undefined) return [`local/connectly/${file} refuses "${field}": ${refusal}`];
      if (differenceOf(type, field).unread !== undefined) return [];
      const otherKind = typeof value === 'object' ? 'text' : {};
      return placesOf(value, body)
        .filter((place) => refusalOf(() => read(withOther(body, place, otherKind))) === undefined)
        .map(
          (place) =>
            `local/connectly/${file} does not read "${field}", so anything passes at ${place.join('.')}: read it, or say here under "unread" why not`,
        );
    });

    expect(findings).toEqual([]);
  });
});

it('No difference is listed for a field that there is not', () => {
  const known = new Set(
    types.flatMap(({ type, fields }) => fields.flatMap((field) => [field, `${type}:${field}`])),
  );

  const unknown = Object.keys(differences).filter((field) => !known.has(field));

  expect(unknown).toEqual([]);
});
