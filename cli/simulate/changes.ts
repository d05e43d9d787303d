import { isObject, parseJson } from '../../lib/message/json.ts';
import { usageError } from '../errors.ts';

/** One change of an event: where, and the JSON to put there. */
export interface Change {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Reads `path=value`: the value is JSON, or else the text itself. A path is like message.attachments[0].url. */
export function readChange(text: string): Change {
  const at = text.indexOf('=');
  const path = at < 1 ? undefined : readPath(text.slice(0, at));
  if (path === undefined)
    throw usageError('--set must be path=value, like message.attachments[0].type=video.');
  return { path, value: jsonOrText(text.slice(at + 1)) };
}

/** For an option that may be repeated. */
export function collectChanges(text: string, before: readonly Change[] = []): readonly Change[] {
  return [...before, readChange(text)];
}

function readPath(text: string): (string | number)[] | undefined {
  if (!/^[\w-]+(\.[\w-]+|\[\d{1,4}\])*$/.test(text)) return undefined;
  return Array.from(text.matchAll(/\[(\d+)\]|([\w-]+)/g), ([, index, name = '']) =>
    index === undefined ? name : Number(index),
  );
}

function jsonOrText(text: string): unknown {
  const json = parseJson(text);
  return json === undefined ? text : json;
}

/** The same JSON with a value at a place; what is on the way there and missing, or no container, is made. */
export function withChange(json: unknown, { path: [first, ...rest], value }: Change): unknown {
  if (first === undefined) return value;
  if (typeof first === 'number') {
    const list: unknown[] = Array.isArray(json) ? [...json] : [];
    // No holes: JSON has none.
    while (list.length < first) list.push(null);
    list[first] = withChange(list[first], { path: rest, value });
    return list;
  }
  const object = isObject(json) ? json : {};
  const inner = new Map<string, unknown>(Object.entries(object)).get(first);
  // Computed keys define own properties, so that no name, __proto__ neither, reaches a prototype.
  return { ...object, [first]: withChange(inner, { path: rest, value }) };
}
