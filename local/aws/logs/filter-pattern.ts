import { parseJson } from '../../../lib/message/json.ts';
import { invalidParameter } from './errors.ts';

/** Whether a log event matches. */
export type Matcher = (message: string) => boolean;

/** `$.some.field = "text"`, and what comes after it; without quotes for a number or a word. */
const comparison = /\s*\$((?:\.\w+)+)\s*=\s*(?:"((?:[^"\\]|\\["\\])*)"|([\w.-]+))\s*(\|\||\}$)/y;

/** Terms that are not letters, digits and underscores need quotes. */
const termPattern = /(?:"((?:[^"\\]|\\["\\])+)"|(\w+))(?:\s+|$)/y;

/**
 * Reads the two forms of CloudWatch's filter patterns that are understood here: terms, all of which have to be in the
 * message as they are written, and comparisons of JSON fields, one of which has to hold. Throws for everything else, and for what AWS would
 * take as a wildcard: to ignore a part of a filter would show what AWS would not.
 */
export function parseFilterPattern(pattern: string): Matcher {
  const text = pattern.trim();
  return text.startsWith('{') ? fieldMatcher(text) : termMatcher(text);
}

function termMatcher(text: string): Matcher {
  const terms: string[] = [];
  termPattern.lastIndex = 0;
  while (termPattern.lastIndex < text.length) {
    const [, phrase, word] = termPattern.exec(text) ?? [];
    const term = phrase === undefined ? word : unescaped(phrase);
    if (term === undefined) throw notUnderstood();
    terms.push(term);
  }
  return (message) => terms.every((term) => message.includes(term));
}

function fieldMatcher(text: string): Matcher {
  const comparisons: ((json: unknown) => boolean)[] = [];
  comparison.lastIndex = 1;
  for (let after: string | undefined; after !== '}'; ) {
    const [, path, quoted, bare = '', next] = comparison.exec(text) ?? [];
    if (path === undefined || quoted?.includes('*')) throw notUnderstood();
    const names = path.slice(1).split('.');
    const isWanted =
      quoted === undefined && Number.isFinite(Number(bare))
        ? (value: unknown) => value === Number(bare)
        : (value: unknown) => value === (quoted === undefined ? bare : unescaped(quoted));
    comparisons.push((json) => isWanted(fieldOf(json, names)));
    after = next;
  }
  return (message) => {
    const json = parseJson(message);
    return comparisons.some((holds) => holds(json));
  };
}

function fieldOf(json: unknown, names: readonly string[]): unknown {
  let value = json;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

const unescaped = (text: string): string => text.replaceAll(/\\(["\\])/g, '$1');

const notUnderstood = () =>
  invalidParameter(
    'Invalid filter pattern. Here a pattern is words and "quoted phrases", or { $.field = "text" || $.other = 1 } without wildcards.',
  );
