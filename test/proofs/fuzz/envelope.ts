import { isUtf8 } from 'node:buffer';

export type Envelope =
  /** `text` is the vendor's JSON as it stands in the envelope. */
  | { readonly kind: 'spliced'; readonly fields: Readonly<Record<string, unknown>>; readonly text: string }
  | { readonly kind: 'raw'; readonly fields: Readonly<Record<string, unknown>>; readonly raw: string };

/** Takes a queued body apart, or says what is wrong with it. */
export function readEnvelope(body: string): Envelope | string {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return 'the envelope is not JSON';
  }
  if (!isRecord(fields)) return 'the envelope is not an object';
  if ('raw' in fields) {
    if (fields['event'] !== null) return 'the envelope has both an event and a raw body';
    return typeof fields['raw'] === 'string'
      ? { kind: 'raw', fields, raw: fields['raw'] }
      : 'raw is not a string';
  }
  const start = startOfEvent(body);
  return start === undefined
    ? 'the envelope has no event at its end'
    : { kind: 'spliced', fields, text: body.slice(start, -1) };
}

/** Whether the envelope holds what was signed: its JSON, modulo the two escapes, or its base64. */
export function carries(envelope: Envelope, bytes: Uint8Array): boolean {
  return envelope.kind === 'raw'
    ? envelope.raw === Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
    : isUtf8(bytes) && envelope.text === withEscapes(textOf(bytes));
}

/** The bytes that an envelope may stand for: the escapes in it may all have been there before, or may all be ours. */
export function possibleBytes(envelope: Envelope): readonly Uint8Array[] {
  if (envelope.kind === 'raw') return [Buffer.from(envelope.raw, 'base64')];
  const { text } = envelope;
  // Escapes are read from the left, so that the end of an escaped backslash is not taken for the start of another.
  const unescaped = text.replaceAll(/\\(?:ufff[ef]|.)/gs, (escape) => ours.get(escape) ?? escape);
  return [Buffer.from(text), Buffer.from(unescaped)];
}

const ours: ReadonlyMap<string, string> = new Map([
  ['\\ufffe', '\ufffe'],
  ['\\uffff', '\uffff'],
]);

/** Text that two bodies share exactly when their envelopes may be the same. */
export function fingerprintOf(bytes: Uint8Array): string {
  return isUtf8(bytes) ? withEscapes(textOf(bytes)) : `raw ${Buffer.from(bytes).toString('base64')}`;
}

/** JSON of valid UTF-8, nested 64 deep at most, well below the size at which escapes may make it too long. */
export function mustBeSpliced(bytes: Uint8Array): boolean {
  if (bytes.length > 128 * 1024 || !isUtf8(bytes)) return false;
  const text = textOf(bytes);
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return depthOf(text) <= 64;
}

function depthOf(json: string): number {
  const brackets = json.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').replaceAll(/[^[\]{}]/g, '');
  let rest = brackets;
  let depth = 0;
  while (rest !== '' && depth <= 65) {
    rest = rest.replaceAll(/\[\]|\{\}/g, '_').replaceAll('_', '');
    depth++;
  }
  return depth;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** Both characters are three bytes in UTF-8, and in JSON they can only stand inside strings. */
function withEscapes(text: string): string {
  return text.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
}

/** Where the value of the last member begins, when that is `event` and what follows it is JSON. */
function startOfEvent(body: string): number | undefined {
  let depth = 0;
  for (let index = 0; index < body.length; index++) {
    const character = body[index];
    if (character === '"') {
      const end = endOfString(body, index);
      if (depth === 1 && body.slice(index, end + 1) === '"event":')
        return isJson(body.slice(end + 1, -1)) ? end + 1 : undefined;
      index = end - 1;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
  }
  return undefined;
}

/** The index after a string's closing quote. */
function endOfString(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index + 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
