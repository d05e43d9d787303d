import * as z from 'zod/mini';
import { FieldError } from './fields.ts';

/** Reads JSON that came over the admin API. Throws a `FieldError` that names the field and says what it must be. */
export function readJson<S extends z.ZodMiniType>(schema: S, json: unknown): z.output<S> {
  const result = schema.safeParse(json, { error: problemOf });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw result.error;
  const { path, message } = innermost(issue);
  throw new FieldError(pathText(path), message);
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** Where one of several shapes was tried, the problem lies in the shape that fits the furthest. */
function innermost(issue: z.core.$ZodIssue): Issue {
  if (issue.code === 'unrecognized_keys')
    return { ...issue, path: [...issue.path, ...issue.keys.slice(0, 1)] };
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().find(({ path }) => path.length > 0);
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] };
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'body' : text.slice(1);
}

/** The words for a problem that its check has no words of its own for. */
function problemOf(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return `must be one of ${Array.isArray(issue.options) ? issue.options.join(', ') : 'several shapes'}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is required' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `is not known here${knownTo(issue.schema)}`;
    default:
      return 'is not valid';
  }
}

function knownTo(schema: unknown): string {
  return schema instanceof z.ZodMiniObject ? `; known are ${Object.keys(schema.shape).join(', ')}` : '';
}

const typeNames: Readonly<Partial<Record<string, string>>> = {
  object: 'an object',
  record: 'an object',
  array: 'an array',
  int: 'an integer',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
};
