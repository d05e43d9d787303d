import { AwsError } from '../protocols/service.ts';

/** One call's JSON object, as it came from outside: nothing in it has been checked. */
export type Input = Readonly<Record<string, unknown>>;

interface Length {
  min?: number;
  max?: number;
  /** Sensitive values are left out of the message, as AWS does. */
  sensitive?: boolean;
}

/** The error AWS's front answers when a member breaks its model, before the service sees the call. */
export function validationError(value: string, field: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value === '' ? '' : `${value} `}at '${memberName(field)}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);

export const notFound = (message = "Secrets Manager can't find the specified secret.") =>
  new AwsError('ResourceNotFoundException', message);

/** Refuses what AWS knows and this does not: it would change an answer. */
export function refuseMembers(input: Input, members: readonly string[]): void {
  const given = members.find((member) => (input[member] ?? undefined) !== undefined);
  if (given !== undefined) throw invalidParameter(`${given} is not known here.`);
}

/** A string member, or undefined when it is absent or null. Lengths are in characters, as in AWS's model. */
export function optionalText(input: Input, field: string, length: Length = {}): string | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(value, 'a String');
  checkLength(value, field, length);
  return value;
}

export function requiredText(input: Input, field: string, length: Length = {}): string {
  const value = optionalText(input, field, length);
  if (value === undefined) throw validationError('null', field, 'not be null');
  return value;
}

export function optionalFlag(input: Input, field: string): boolean | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(value, 'a Boolean');
}

export function optionalInteger(
  input: Input,
  field: string,
  range: { min: number; max: number },
): number | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(value, 'an Integer');
  if (value < range.min)
    throw validationError(`'${value}'`, field, `have value greater than or equal to ${range.min}`);
  if (value > range.max)
    throw validationError(`'${value}'`, field, `have value less than or equal to ${range.max}`);
  return value;
}

/** A list member whose entries are read one by one; `max` is the number of entries AWS's model allows. */
export function optionalList<T>(
  input: Input,
  field: string,
  options: { min?: number; max: number; read: (entry: unknown) => T },
): T[] | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(value, 'a List');
  const entries: unknown[] = value;
  if (entries.length < (options.min ?? 0))
    throw validationError(
      `'${JSON.stringify(entries)}'`,
      field,
      `have length greater than or equal to ${options.min}`,
    );
  if (entries.length > options.max)
    throw validationError('', field, `have length less than or equal to ${options.max}`);
  return entries.map(options.read);
}

/** Reads a list's entry as a string. */
export function textEntry(field: string, length: Length): (entry: unknown) => string {
  return (entry) => requiredText({ [field]: entry }, field, length);
}

/** Reads a list's entry as a structure. */
export function structureEntry(entry: unknown): Input {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw wrongType(entry, 'a Structure');
  return Object.fromEntries(Object.entries(entry));
}

function checkLength(value: string, field: string, { min = 0, max = Infinity, sensitive }: Length): void {
  const shown = sensitive ? '' : `'${value.length > 200 ? `${value.slice(0, 200)}...` : value}'`;
  if (value.length < min) throw validationError(shown, field, `have length greater than or equal to ${min}`);
  if (value.length > max) throw validationError(shown, field, `have length less than or equal to ${max}`);
}

function wrongType(value: unknown, wanted: string): AwsError {
  const kind = Array.isArray(value) ? 'START_ARRAY' : (typeof value).toUpperCase();
  return new AwsError('SerializationException', `${kind} can not be converted to ${wanted}`);
}

/** AWS names members in its messages with a small first letter. */
function memberName(field: string): string {
  return field.charAt(0).toLowerCase() + field.slice(1);
}
