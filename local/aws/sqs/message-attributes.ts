import { createHash } from 'node:crypto';
import { isLegalText } from './characters.ts';
import { invalidParameterValue } from './errors.ts';
import { type Input, objectOf, optionalList, optionalObject, optionalString } from './input.ts';

export interface MessageAttribute {
  readonly name: string;
  /** `String`, `Number` or `Binary`, with an optional label after a dot: `Number.int`. */
  readonly dataType: string;
  readonly value: { readonly text: string } | { readonly bytes: Buffer };
}

const maximumAttributes = 10;
const maximumNameLength = 256;
const maximumTypeLength = 256;

/** Reads and checks the message attributes of a send. Throws what AWS answers to a wrong one. */
export function parseMessageAttributes(input: Input): readonly MessageAttribute[] {
  const entries = Object.entries(optionalObject(input, 'MessageAttributes') ?? {});
  if (entries.length > maximumAttributes)
    throw invalidParameterValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${maximumAttributes}].`,
    );
  return entries.map(([name, value]) => {
    checkName(name);
    return parseAttribute(name, objectOf(value));
  });
}

/** The one system attribute that a sender may set is X-Ray's trace header, a string. */
export function parseTraceHeader(input: Input): MessageAttribute | undefined {
  let header: MessageAttribute | undefined;
  for (const [name, value] of Object.entries(optionalObject(input, 'MessageSystemAttributes') ?? {})) {
    if (name !== 'AWSTraceHeader')
      throw invalidParameterValue(
        `Message system attribute name '${name}' is invalid. Reason: Only AWSTraceHeader is supported.`,
      );
    header = parseAttribute(name, objectOf(value));
    if (header.dataType !== 'String')
      throw invalidParameterValue(`The message system attribute '${name}' must be of type String.`);
  }
  return header;
}

/** X-Ray's header of a request as the system attribute that SQS makes of it. */
export function traceAttribute(header: string | undefined): MessageAttribute | undefined {
  if (header === undefined || header === '') return undefined;
  return { name: 'AWSTraceHeader', dataType: 'String', value: { text: header } };
}

function checkName(name: string): void {
  if (name === '' || name.length > maximumNameLength)
    throw invalidParameterValue(`Length of message attribute name must be from 1 to ${maximumNameLength}.`);
  // AWS takes letters of every alphabet, whatever its documentation and this message say.
  if (!/^[\p{L}\d_.-]+$/u.test(name))
    throw invalidParameterValue(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    );
  if (/^\.|\.$|\.\./.test(name))
    throw invalidParameterValue(
      `Message attribute name '${name}' must not start or end with a period or have successive periods.`,
    );
  if (/^(aws|amazon)\./i.test(name))
    throw invalidParameterValue(
      `You can't use message attribute names that start with reserved prefixes: '${name}'.`,
    );
}

function parseAttribute(name: string, input: Input): MessageAttribute {
  const dataType = optionalString(input, 'DataType') ?? '';
  const text = optionalString(input, 'StringValue');
  const base64 = optionalString(input, 'BinaryValue');
  for (const list of ['StringListValues', 'BinaryListValues'])
    if ((optionalList(input, list) ?? []).length > 0)
      throw invalidParameterValue(
        `Message attribute list values in SendMessage operation are not supported: '${name}'.`,
      );
  if (dataType === '')
    throw invalidParameterValue(
      `The message attribute '${name}' must contain non-empty message attribute type.`,
    );
  if (dataType.length > maximumTypeLength || !isLegalText(dataType))
    throw invalidParameterValue(`The message attribute '${name}' has an invalid message attribute type.`);

  const kind = /^(String|Number|Binary)(\..*)?$/s.exec(dataType)?.[1];
  if (kind === undefined)
    throw invalidParameterValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const given = kind === 'Binary' ? base64 : text;
  const other = kind === 'Binary' ? text : base64;
  if (other !== undefined)
    throw invalidParameterValue(
      `The message attribute '${name}' with type '${dataType}' must use field '${kind === 'Binary' ? 'Binary' : 'String'}'.`,
    );
  if (given === undefined || given === '')
    throw invalidParameterValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  if (kind === 'Binary') return { name, dataType, value: { bytes: Buffer.from(given, 'base64') } };
  if (!isLegalText(given))
    throw invalidParameterValue(`Message (user) attribute '${name}' has a value with invalid characters.`);
  if (kind === 'Number') checkNumber(name, given);
  return { name, dataType, value: { text: given } };
}

/** At most 38 digits, between 10^-128 and 10^126: the documented range. */
function checkNumber(name: string, text: string): void {
  const [, whole = '', fraction = ''] = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE][+-]?\d+)?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`;
  const significant = digits.replace(/^0+|0+$/g, '');
  const size = Math.abs(Number(text));
  const inRange = significant === '' || (size >= 1e-128 && size <= 1e126);
  if (digits === '' || significant.length > 38 || !inRange)
    throw invalidParameterValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
}

const valueBytes = ({ value }: MessageAttribute): Buffer =>
  'text' in value ? Buffer.from(value.text, 'utf8') : value.bytes;

/** Name, type and value count towards the size of a message. */
export function attributesSizeBytes(attributes: readonly MessageAttribute[]): number {
  let size = 0;
  for (const attribute of attributes)
    size +=
      Buffer.byteLength(attribute.name) +
      Buffer.byteLength(attribute.dataType) +
      valueBytes(attribute).length;
  return size;
}

/** AWS's digest of attributes: sorted by name, each part with its length before it; undefined for none. */
export function md5OfAttributes(attributes: readonly MessageAttribute[]): string | undefined {
  if (attributes.length === 0) return undefined;
  const hash = createHash('md5');
  const addWithLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const attribute of attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    addWithLength(Buffer.from(attribute.name));
    addWithLength(Buffer.from(attribute.dataType));
    hash.update(Buffer.of('text' in attribute.value ? 1 : 2));
    addWithLength(valueBytes(attribute));
  }
  return hash.digest('hex');
}

/** Picks what a receiver asked for: exact names, `All`, `*` or `.*`, and prefixes written `name.*`. */
export function selectAttributes(
  attributes: readonly MessageAttribute[],
  wanted: readonly string[],
): readonly MessageAttribute[] {
  if (['All', '*', '.*'].some((all) => wanted.includes(all))) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return attributes.filter(
    ({ name }) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
}

/** The attributes as the JSON protocol shows them. */
export function attributesAsJson(attributes: readonly MessageAttribute[]): object {
  return Object.fromEntries(
    attributes.map(({ name, dataType, value }) => [
      name,
      'text' in value
        ? { DataType: dataType, StringValue: value.text }
        : { DataType: dataType, BinaryValue: value.bytes.toString('base64') },
    ]),
  );
}
