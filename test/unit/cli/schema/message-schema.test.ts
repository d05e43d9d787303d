import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, drafts, messageJsonSchema } from '../../../../cli/schema/message-schema.ts';
import { parseMessage } from '../../../../lib/message/parse.ts';
import { completeMessages, fieldPaths } from '../../message/every-field.ts';

const queuedAt = Date.parse('2026-11-22T10:00:00Z');

/** Rules that JSON Schema cannot say, by the words in which the sender tells them. */
const unsayable = [
  /rows in all$/,
  /bytes of compact JSON/,
  /^lies more than 3 days after/,
  /^must be a public http or https address$/,
  /levels deep/,
  /over 256 KiB/,
  // A number that JSON cannot carry without changing it.
  /as a string/,
];

function validator(draft: Draft, schema: object = messageJsonSchema(draft)): ValidateFunction {
  const options = { strict: true, strictTypes: false, strictRequired: false, allErrors: true } as const;
  const ajv = draft === '2020-12' ? new Ajv2020(options) : new Ajv(options);
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(JSON.stringify(schema)));
}

/** In which way schema and sender disagree about a message; undefined when they agree. */
function disagreement(validate: ValidateFunction, message: unknown): string | undefined {
  const body = JSON.stringify(message);
  const accepted = validate(JSON.parse(body));
  const parsed = parseMessage(body, { queuedAt });
  if (parsed.ok) return accepted ? undefined : `refused by the schema alone: ${body}`;
  const sayable = parsed.problems.filter(({ text }) => !unsayable.some((rule) => rule.test(text)));
  return accepted && sayable.length > 0
    ? `accepted by the schema alone: ${body} (${JSON.stringify(sayable)})`
    : undefined;
}

const to = '+15555555555';
const session = (message: unknown) => ({ type: 'session', to, message });
const rows = (count: number, text = 'a') => Array.from({ length: count }, (_, id) => ({ id: `${id}`, text }));
const list = (...sections: unknown[]) => ({ button: { text: 'open' }, sections });
const buttons = (...labels: string[]) => ({ buttons: labels.map((text) => ({ id: text, text })) });

const messages: readonly unknown[] = [
  ...completeMessages,
  { type: 'text', to, text: 'hello!' },
  { type: 'text', to, text: '' },
  { type: 'text', to: 'US.1349', text: 'hello!' },
  { type: 'text', to: 'bsuid:US.1349', text: 'hello!' },
  { type: 'text', to: '+05555555555', text: 'hello!' },
  { type: 'text', to: '+1555555555५', text: 'hello!' },
  { type: 'text', to, txt: 'hello!' },
  { type: 'text', to, text: 'hello!', id: 'ä' },
  { type: 'text', to, text: 'hello!', id: 'x'.repeat(128), channelType: 'sms', ifUnclear: 'settle' },
  { type: 'text', to, text: 'hello!', ifUnclear: 'maybe' },
  { type: 'text', to, text: 'hello!', expiresAt: '2026-11-23T10:00:00+01:00' },
  { type: 'text', to, text: 'hello!', expiresAt: '2026-11-23T10:00:00' },
  { type: 'text', to, text: 'hello!', expiresAt: '2026-02-30T10:00:00Z' },
  { type: 'text', to, text: 'hello!', expiresAt: '2027-11-23T10:00:00Z' },
  { type: 'text', to, text: 'hello!', callbackData: 'x'.repeat(2000) },
  { type: 'template', to, templateName: 't' },
  { type: 'template', to, templateName: 't', channelType: 'whatsapp' },
  { type: 'template', to, templateName: 't', channelType: 'sms' },
  { type: 'template', to, templateName: 't', parameters: [{ name: 'body_1', value: '' }] },
  { type: 'template', to, templateName: 't', parameters: [{ name: 'body_1', value: '', extra: 1 }] },
  { type: 'template', to, templateName: 't', parameters: { body_1: 'x' } },
  { type: 'other', to },
  {},
  null,
  [],
  'text',
  session({}),
  session(null),
  session({ text: '' }),
  session({ text: 'hello!' }),
  session({ id: 'x' }),
  session({ attachments: [] }),
  session({ attachments: [], text: 'hello!' }),
  session({ attachments: [{ type: 'image', url: 'https://example.com/ä b.png' }] }),
  session({ attachments: [{ type: 'image', url: ' HTTPS://example.com' }] }),
  session({ attachments: [{ type: 'image', url: 'https:example.com' }] }),
  session({ attachments: [{ type: 'image', url: 'https://' }] }),
  session({ attachments: [{ type: 'image', url: 'ftp://example.com' }] }),
  session({ attachments: [{ type: 'sticker', url: 'https://example.com' }] }),
  session({
    attachments: [
      { type: 'image', url: 'https://a.example' },
      { type: 'image', url: 'https://b.example' },
    ],
  }),
  session({ location: { latitude: 90, longitude: -180 } }),
  session({ location: { latitude: 90.1, longitude: 0 } }),
  session({ location: { latitude: 1, longitude: 1 }, attachments: [] }),
  session({ location: { latitude: 1, longitude: 1 }, singleProductMessage: {} }),
  session({ listMessage: list({ rows: rows(10) }), text: 'pick' }),
  session({ listMessage: list({ rows: rows(6) }, { rows: rows(6) }), text: 'pick' }),
  session({ listMessage: list({ rows: rows(11) }), text: 'pick' }),
  session({ listMessage: list({ rows: rows(1, '🎉'.repeat(24)) }), text: 'pick' }),
  session({ listMessage: list({ rows: rows(1, '🎉'.repeat(25)) }), text: 'pick' }),
  session({ listMessage: list({ rows: rows(1) }) }),
  session({ listMessage: list(), text: 'pick' }),
  session({ replyButtonMessage: buttons('yes', 'no'), text: 'sure?' }),
  session({ replyButtonMessage: buttons('yes', 'no'), text: 'x'.repeat(1025) }),
  session({ replyButtonMessage: buttons('a', 'b', 'c', 'd'), text: 'sure?' }),
  session({ replyButtonMessage: buttons('yes'), multiProductMessage: {}, text: 'sure?' }),
  session({ multiProductMessage: {} }),
  session({ singleProductMessage: { anything: 1 } }),
  session({ whatMayCome: 1 }),
  session({ whatMayCome: 1, attachments: [], text: '' }),
];

/** The messages that the README shows. */
function documented(): unknown[] {
  const text = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  return Array.from(text.matchAll(/```json\n([\s\S]*?)```/g), ([, json = '']): unknown =>
    JSON.parse(json),
  ).filter((json) => typeof json === 'object' && json !== null && 'type' in json);
}

const types = ['text', 'template', 'session'] as const;

/** The name of every field, at any depth. */
const names = Array.from(
  new Set(types.flatMap((type) => fieldPaths(type).flatMap((path) => path.split(/[.[\]]+/)))),
).filter((name) => name !== '');

const values = oneof(
  jsonValue(),
  string({ unit: 'grapheme' }),
  constantFrom<unknown>(
    to,
    'US.1349',
    'text',
    'template',
    'session',
    'whatsapp',
    'https://example.com',
    '',
    0,
    null,
  ),
);

/** A message of the list above with one part changed, dropped or added, at any depth. */
const mutated: Arbitrary<unknown> = tuple(
  oneof(
    constantFrom(...messages),
    record({ type: constantFrom(...types), to: constant(to) }),
    dictionary(constantFrom(...names), values),
  ),
  array(
    tuple(array(constantFrom(...names, '0', '1'), { maxLength: 4 }), constantFrom('set', 'drop'), values),
    {
      maxLength: 3,
    },
  ),
).map(([message, changes]) => {
  const copy: unknown = structuredClone(message);
  for (const [path, action, value] of changes) change(copy, path, action === 'set' ? { value } : undefined);
  return copy;
});

/** Follows a path as far as it leads. */
function change(target: unknown, path: readonly string[], to_: { value: unknown } | undefined): void {
  let inner: unknown = target;
  for (const [index, key] of path.entries()) {
    if (typeof inner !== 'object' || inner === null) return;
    const next: unknown = Reflect.get(inner, key);
    if (index === path.length - 1 || typeof next !== 'object' || next === null) {
      if (to_ === undefined) Reflect.deleteProperty(inner, key);
      else if (!Array.isArray(inner) || /^\d$/.test(key)) Reflect.set(inner, key, to_.value);
      return;
    }
    inner = next;
  }
}

describe.each(drafts)('the JSON Schema of a message, draft %s', (draft) => {
  const validate = validator(draft);

  it('agrees with the sender about the messages of the README, which it accepts', () => {
    const examples = documented();

    const accepted = examples.map((message) => validate(message));

    expect(accepted).toEqual([true, true, true]);
    expect(examples.map((message) => disagreement(validate, message))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(messages.map((message) => [JSON.stringify(message).slice(0, 100), message]))(
    'agrees with the sender about %s',
    (_, message) => {
      expect(disagreement(validate, message)).toBeUndefined();
    },
  );

  it('agrees with the sender about messages with anything wrong in them', () => {
    assert(
      property(mutated, (message) => disagreement(validate, message) === undefined),
      { numRuns: 3000 },
    );
  });

  it('accepts its own examples', () => {
    const accepted = messageJsonSchema(draft).examples.map((message) => validate(message));

    expect(accepted).toEqual([true, true]);
  });
});

describe('the comparison of schema and sender', () => {
  it.each<[string, (schema: string) => string]>([
    ['a pattern too wide', (schema) => schema.replaceAll('^\\\\+[1-9]', '^\\\\+[0-9]')],
    ['a pattern too narrow', (schema) => schema.replaceAll('{1,128}$', '{1,12}$')],
    [
      'unknown fields',
      (schema) => schema.replaceAll('"additionalProperties":false', '"additionalProperties":true'),
    ],
    ['a limit in other units', (schema) => schema.replaceAll('"maxLength":24', '"maxLength":25')],
    ['two kinds of content', (schema) => schema.replaceAll('"not":{"anyOf"', '"not":{"allOf"')],
    ['no content', (schema) => schema.replaceAll('"minLength":1', '"minLength":0')],
    ['another channel', (schema) => schema.replaceAll('"const":"whatsapp"', '"minLength":1')],
  ])('finds a schema with %s', (_, plant) => {
    const original = JSON.stringify(messageJsonSchema('2020-12'));
    const planted = plant(original);

    const validate = validator('2020-12', JSON.parse(planted));
    const found = messages.filter((message) => disagreement(validate, message) !== undefined);

    expect(planted).not.toBe(original);
    expect(found).not.toEqual([]);
  });
});
