import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { isObject, parseJson } from '../../lib/message/json.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import type { CommandContext } from '../command.ts';
import { configurationError, usageError } from '../errors.ts';
import { type SecretName, secretLabels } from '../target/outputs.ts';
import { unseen } from '../terminal/lines.ts';
import { businessesIn } from './api-keys.ts';

/** What nobody sees at the ends of a value. */
const unseenKinds = [
  { what: 'a byte order mark', pattern: /\u{feff}/u },
  { what: 'a line feed', pattern: /[\r\n\u0085\u2028\u2029]/ },
  { what: 'blank space', pattern: /[^\S\r\n\u2028\u2029\u{feff}]/u },
  { what: 'a character that nobody sees', pattern: new RegExp(`(?![\\s\\u0085])[${unseen}]`, 'u') },
] as const;

/** What comes along where a line of a file, of a header or of a program is copied, and more than the value of it. */
const visibleKinds = [
  { what: 'a pair of quotes around', pattern: /^["'`\u{2018}\u{201c}].*["'`\u{2019}\u{201d}]$/su },
  { what: '"Bearer" before', pattern: /^Bearer\s/i },
  // Base64 has equals signs, too, but nothing behind them.
  { what: 'a name before', pattern: /^(?:export\s+)?[a-z_][\w.-]*(?:\s*=\s*(?![\s=]*$)|:\s+)/i },
] as const;

/** What no secret has, wherever it stands: a blank is the only white space that somebody may have chosen. */
const innerKinds = [
  { what: 'a control character in', pattern: /\p{Cc}/u },
  { what: 'a character that nobody sees in', pattern: new RegExp(`(?! )[\\s${unseen}]`, 'u') },
  { what: 'a character that was no UTF-8 in', pattern: /\u{fffd}/u },
] as const;

export interface BareSecret {
  readonly value: string;
  /** What nobody saw around it, in words. */
  readonly takenOff: readonly string[];
}

/** Asks for a secret, and says what was taken off. Throws as `bareSecret` does. */
export async function enterSecret(
  { readSecret, output }: CommandContext,
  { name, label }: { readonly name: SecretName; readonly label: string },
): Promise<BareSecret> {
  const bare = bareSecret(name, await readSecret(label));
  if (bare.takenOff.length > 0)
    output.complain(`Taken off around what was entered: ${bare.takenOff.join(', ')}.`);
  return bare;
}

/**
 * What was entered for a secret, without what nobody sees at its ends. Throws `secret-invalid`, without quoting it, for what
 * may have come along and can be seen, because it may be meant; and for characters that no secret has.
 */
export function bareSecret(name: SecretName, entered: string): BareSecret {
  const { value, around } = withoutUnseen(entered);
  if (value === '') throw usageError(`There is nothing in the ${secretLabels[name]} that could be seen.`);
  const listed = valuesInJson(value);
  for (const each of listed ?? [value]) {
    const found = firstOf(visibleKinds, each);
    // Whoever writes a list says exactly what is meant.
    const isMeant = listed !== undefined && name === 'webhook-secrets';
    if (found !== undefined && !isMeant) throw decorated(name, found);
    const hidden = hiddenIn(each);
    if (hidden !== undefined) throw notMeant(name, hidden);
  }
  return { value, takenOff: around };
}

function decorated(name: SecretName, found: string): Error {
  const remedy =
    name === 'api-key'
      ? 'Enter the key alone.'
      : 'Enter the secret alone; or, if Connectly gave it out just so, as a JSON list: ["..."]';
  return configurationError(
    'secret-invalid',
    `There is ${found} the ${secretLabels[name]}. Nothing was stored. ${remedy}`,
  );
}

function notMeant(name: SecretName, found: string): Error {
  return configurationError(
    'secret-invalid',
    `There is ${found} the ${secretLabels[name]}, which no secret has. Nothing was stored. Copy it anew, as plain text in UTF-8.`,
  );
}

/** The secrets in a JSON list, or in an object of keys by business; undefined for a plain value. */
function valuesInJson(value: string): string[] | undefined {
  if (!/^[[{]/.test(value)) return undefined;
  const json = parseJson(value);
  const values: unknown[] = Array.isArray(json) ? json : isObject(json) ? Object.values(json) : [];
  return values.filter((each) => typeof each === 'string');
}

export interface Decoration {
  /** Words that go on after "There is". */
  readonly what: string;
  /** harmful: no function can use the value; taken-off: the functions do without it; deliberate: perhaps it is meant. */
  readonly effect: 'harmful' | 'taken-off' | 'deliberate';
}

/** What a stored value has around it that Connectly did not give out, however it was stored. Throws `secret-invalid`. */
export function decorationOf(name: SecretName, stored: string): Decoration | undefined {
  const isJson = /^\s*[[{]/.test(stored);
  for (const value of liveValues(name, stored)) {
    const hidden = hiddenIn(value);
    if (hidden !== undefined) return { what: `${hidden} a value`, effect: 'harmful' };
    const seen = firstOf(visibleKinds, value);
    if (seen === undefined) continue;
    return {
      what: `${seen} a value`,
      effect: isJson && name === 'webhook-secrets' ? 'deliberate' : 'harmful',
    };
  }
  const [outside] = isJson ? [] : withoutUnseen(stored).around;
  return outside === undefined ? undefined : { what: `${outside} around the value`, effect: 'taken-off' };
}

export function decorationInWords({ what, effect }: Decoration): string {
  switch (effect) {
    case 'harmful':
      return `There is ${what}, which Connectly did not give out.`;
    case 'taken-off':
      return `There is ${what}. The functions take it off; nobody else who reads it does.`;
    case 'deliberate':
      return `There is ${what} of the list: right only if Connectly gave it out just so.`;
  }
}

/** The values as the functions use them. Throws `secret-invalid`. */
function liveValues(name: SecretName, stored: string): readonly string[] {
  if (name === 'webhook-secrets') return parseWebhookSecrets(stored);
  const keys = parseApiKeys(stored);
  return (businessesIn(stored) ?? ['']).flatMap((id) => keys.keyFor(id) ?? []);
}

function hiddenIn(value: string): string | undefined {
  const [around] = withoutUnseen(value).around;
  return around === undefined ? firstOf(innerKinds, value) : `${around} around`;
}

/** Character by character: an expression would look anew from each of thousands of blanks. */
function withoutUnseen(text: string): { readonly value: string; readonly around: readonly string[] } {
  const characters = Array.from(text);
  const isSeen = (character: string) => unseenKinds.every(({ pattern }) => !pattern.test(character));
  const first = characters.findIndex(isSeen);
  const end = characters.findLastIndex(isSeen) + 1;
  const value = first === -1 ? '' : characters.slice(first, end).join('');
  const removed = first === -1 ? characters : [...characters.slice(0, first), ...characters.slice(end)];
  const around = unseenKinds.filter(({ pattern }) => removed.some((each) => pattern.test(each)));
  return { value, around: around.map(({ what }) => what) };
}

function firstOf(
  kinds: readonly { readonly what: string; readonly pattern: RegExp }[],
  value: string,
): string | undefined {
  return kinds.find(({ pattern }) => pattern.test(value))?.what;
}
