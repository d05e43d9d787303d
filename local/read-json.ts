import * as z from 'zod/mini';

/** What is wrong with JSON that came from outside. */
export interface JsonProblem {
  /** Such as `match.status` or `list[0]`; '' for the whole. */
  readonly field: string;
  /** What the field must be, in words that follow its name. */
  readonly text: string;
  /** `type`: it is of another type. `custom`: a check with words of its own refuses it. */
  readonly kind: 'missing' | 'type' | 'custom' | 'other';
}

/** Reads JSON that came from outside. Throws what `refuse` makes of the first problem. */
export function readJson<S extends z.ZodMiniType>(
  schema: S,
  json: unknown,
  refuse: (problem: JsonProblem) => Error,
): z.output<S> {
  const result = schema.safeParse(json, { error: problemOf });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw result.error;
  const { code, path, message } = innermost(issue);
  const kind = message === required ? 'missing' : (kinds[code] ?? 'other');
  throw refuse({ field: pathText(path), text: message, kind });
}

const required = 'is required';

const kinds: Readonly<Partial<Record<string, JsonProblem['kind']>>> = {
  invalid_type: 'type',
  custom: 'custom',
};

type Issue = Pick<z.core.$ZodIssue, 'code' | 'path' | 'message'>;

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
  return text.slice(1);
}

/** The words for a problem that its check has no words of its own for. */
function problemOf(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') return `is not known here${knownTo(issue.schema)}`;
  if (issue.input === undefined || issue.input === '') return required;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return `must be one of ${Array.isArray(issue.options) ? issue.options.join(', ') : 'several shapes'}`;
    case 'too_small':
      return Array.isArray(issue.input) && issue.input.length === 0
        ? required
        : `must ${amount('least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${amount('most', issue.maximum, issue.origin)}`;
    default:
      return 'is not valid';
  }
}

function knownTo(schema: unknown): string {
  return schema instanceof z.ZodMiniObject ? `; known are ${Object.keys(schema.shape).join(', ')}` : '';
}

function amount(bound: 'least' | 'most', limit: number | bigint, origin: string): string {
  const part = { string: ' characters', array: ' entries' }[origin];
  return part === undefined ? `be at ${bound} ${limit}` : `have at ${bound} ${limit}${part}`;
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
