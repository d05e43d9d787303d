import { invalidParameter, invalidToken } from './errors.ts';

/** One call's JSON object, as it came from outside: nothing in it has been checked. */
export type Input = Readonly<Record<string, unknown>>;

/** Throws for a member that would narrow the answer and is not among the known ones. */
export function refuseOthers(input: Input, known: readonly string[]): void {
  const other = Object.keys(input).find((field) => !known.includes(field));
  if (other !== undefined) throw invalidParameter(`${other} is not emulated.`);
}

export function optionalText(input: Input, field: string): string | undefined {
  const value = input[field] ?? undefined;
  if (value !== undefined && typeof value !== 'string')
    throw invalidParameter(`${field} has to be a string.`);
  return value;
}

export function optionalTexts(input: Input, field: string): readonly string[] | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string'))
    throw invalidParameter(`${field} has to be a list of strings.`);
  return value;
}

/** Within the range, or undefined when it is absent. */
export function optionalInteger(
  input: Input,
  field: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
    throw invalidParameter(`${field} has to be an integer from ${min} to ${max}.`);
  return value;
}

/** A token of ours is a place in a list, made opaque. */
export function tokenFor(place: string): string {
  return Buffer.from(`after ${place}`).toString('base64url');
}

/** The place in a token of ours. */
export function placeInToken(input: Input): string | undefined {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const [, place] = /^after (.+)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (place === undefined) throw invalidToken();
  return place;
}
