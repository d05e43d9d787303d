import { inspect } from 'node:util';

/** One line, or several. What is a line feed within one of them is foreign: it is shown, and begins no other. */
export type Lines = string | readonly string[];

/** The styles that the relay itself uses. */
export const styles = ['bold', 'dim', 'red', 'yellow', 'green'] as const;

/**
 * What cannot be seen, for a class of an expression with the flag `u`: control characters, what turns the direction of text
 * around, what has no width, tags, other line ends, halves of characters, and a blank that is none.
 */
export const unseen = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`;

const anyUnseen = new RegExp(`[${unseen}]`, 'gu');

/** No other codes of colour and style pass: one of them hides text, others write it in the colour of the background. */
const own = String.raw`\u001b\[(?:${styles.flatMap((style) => inspect.colors[style] ?? []).join('|')})m`;
const ownOrUnseen = new RegExp(`${own}|[${unseen}]`, 'gu');

/**
 * Text as one line of a terminal. What somebody else wrote (a template name, an answer, an id) must not begin a line of its
 * own, move the cursor or hide: such characters are shown by their number. Our own styles stay where there are `styles`.
 */
export function oneLine(text: string, shown: { readonly styles: boolean }): string {
  if (!shown.styles) return text.replaceAll(anyUnseen, escaped);
  return text.replaceAll(ownOrUnseen, (found) => (found.length > 2 ? found : escaped(found)));
}

/** A value as JSON on one line, where an escape stands for the character itself. */
export function inJson(value: object): string {
  return oneLine(JSON.stringify(value), { styles: false });
}

/** A value as JSON that people read. Only the line feeds between its members begin a line. */
export function jsonLines(value: unknown): string[] {
  return JSON.stringify(value, undefined, 2).split('\n');
}

/** A character as JSON can write it. */
export function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
