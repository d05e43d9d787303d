import { inspect } from 'node:util';

/** The styles that the relay itself uses. */
export const styles = ['bold', 'dim', 'red', 'yellow', 'green'] as const;

/** No other codes of colour and style pass: one of them hides text, others write it in the colour of the background. */
const colour = String.raw`\u001b\[(?:${styles.flatMap((style) => inspect.colors[style] ?? []).join('|')})m`;

/**
 * Characters that cannot be seen, for a class of an expression with the flag `u`: control characters, what turns the
 * direction of text around, what has no width, tags, other line ends, and halves of characters.
 */
export const unseen = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`;

/** Control characters but tab and line feed, and those that turn the direction of text around. */
const unsafe = String.raw`[\0-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]`;

const colourOrUnsafe = new RegExp(`${colour}|${unsafe}`, 'g');
const anyUnsafe = new RegExp(unsafe, 'g');

/**
 * Text as a terminal may get it: what somebody else wrote (a template name, an answer) must not move its cursor or retitle
 * its window. Such characters are shown by their number; our own colours stay where there are colours.
 */
export function visible(text: string, { colours }: { colours: boolean }): string {
  return text.replaceAll(colourOrUnsafe, (found) =>
    found.endsWith('m') && found.length > 1 ? (colours ? found : '') : escaped(found),
  );
}

/** The same for a cell of a table: a line feed in it would begin a row that nobody wrote. */
export function visibleInCell(text: string): string {
  return visible(text, { colours: true }).replaceAll(/[\t\n]/g, escaped);
}

/** The same for JSON, where an escape stands for the character itself. */
export function visibleJson(value: object): string {
  return JSON.stringify(value).replaceAll(anyUnsafe, escaped);
}

/** A character as JSON can write it. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
