import * as z from 'zod/mini';
import { isObject } from './json.ts';

// WhatsApp's own limits, in characters unless said otherwise. A character is a code point here: whoever counts emoji
// in a stricter way refuses the message itself, and we never refuse one that would have passed.
export const sessionLimits = {
  buttons: 3,
  buttonLabel: 20,
  buttonId: 256,
  buttonsBody: 1024,
  listRows: 10,
  listSections: 10,
  listRowLabel: 24,
  listRowId: 200,
  headerOrFooter: 60,
} as const;

const text = z.string().check(z.minLength(1, 'must not be empty: leave it out or fill it'));

/** zod leaves out a rule over several fields once one field is wrong; every problem is to be told at once. */
const always = () => true;

function textOf(maximumCharacters: number) {
  return text.check(
    z.refine((value) => characters(value) <= maximumCharacters, {
      error: `is longer than WhatsApp's ${maximumCharacters} characters: shorten it`,
    }),
  );
}

function degrees(maximum: number) {
  return z
    .number()
    .check(z.gte(-maximum, `must be at least ${-maximum}`), z.lte(maximum, `must be at most ${maximum}`));
}

function listOf<Item extends z.core.$ZodType>(item: Item, what: string, maximum: number) {
  const error = `must hold 1 to ${maximum} ${what}`;
  return z.array(item).check(z.minLength(1, error), z.maxLength(maximum, error));
}

const headerOrFooter = z.optional(z.looseObject({ text: z.optional(textOf(sessionLimits.headerOrFooter)) }));

const attachment = z.looseObject({
  type: z.enum(['image', 'video', 'audio', 'document']),
  url: z.url({ protocol: /^https?$/, error: 'must be a public http or https address' }),
  caption: z.optional(z.string()),
  filename: z.optional(z.string()),
});

const location = z.looseObject({
  latitude: degrees(90),
  longitude: degrees(180),
  name: z.optional(z.string()),
  address: z.optional(z.string()),
});

const listRow = z.looseObject({
  id: textOf(sessionLimits.listRowId),
  text: textOf(sessionLimits.listRowLabel),
});

const listSection = z.looseObject({ rows: listOf(listRow, 'rows', sessionLimits.listRows) });

const listMessage = z
  .looseObject({
    header: headerOrFooter,
    footer: headerOrFooter,
    button: z.looseObject({ text: textOf(sessionLimits.buttonLabel) }),
    sections: listOf(listSection, 'sections', sessionLimits.listSections),
  })
  .check(
    z.refine((list) => rowCount(list) <= sessionLimits.listRows, {
      path: ['sections'],
      error: `must hold at most ${sessionLimits.listRows} rows in all`,
      when: always,
    }),
  );

const button = z.looseObject({ id: textOf(sessionLimits.buttonId), text: textOf(sessionLimits.buttonLabel) });

const replyButtonMessage = z.looseObject({
  header: headerOrFooter,
  footer: headerOrFooter,
  buttons: listOf(button, 'buttons', sessionLimits.buttons),
});

/** What a session message can be, beside its text. */
export const contentKinds = [
  'attachments',
  'location',
  'listMessage',
  'replyButtonMessage',
  'singleProductMessage',
  'multiProductMessage',
] as const;

/** The kinds that WhatsApp shows below a body text, which is then required. */
export const kindsWithBody = ['listMessage', 'replyButtonMessage', 'multiProductMessage'] as const;

/**
 * The vendor's own `message` object of a session message. The parts that its documentation describes are checked,
 * everything else is passed on as it is.
 */
export const sessionContent = z
  .looseObject({
    text: z.optional(z.string()),
    attachments: z.optional(z.array(attachment).check(z.maxLength(1, 'must hold at most 1 attachment'))),
    location: z.optional(location),
    listMessage: z.optional(listMessage),
    replyButtonMessage: z.optional(replyButtonMessage),
    singleProductMessage: z.optional(z.looseObject({})),
    multiProductMessage: z.optional(z.looseObject({})),
  })
  .check(
    z.check(
      (context) => {
        const content = context.value;
        const problem = (error: string, ...path: string[]) =>
          context.issues.push({ code: 'custom', input: undefined, path, message: error });
        const used = contentKinds.filter(
          (kind) => content[kind] !== undefined && !isEmptyList(content[kind]),
        );
        const [first] = used;
        const others = Object.keys(content).filter(
          (key) => key !== 'text' && key !== 'id' && key !== 'attachments',
        );
        if (used.length > 1) problem(`has ${used.join(' and ')}: keep one content kind per message`);
        if (first === undefined && others.length === 0 && !content.text) {
          problem(
            `has no content: give it text, ${contentKinds.slice(0, -1).join(', ')} or ${contentKinds.at(-1)}`,
          );
        }
        if (kindsWithBody.some((kind) => kind === first) && !content.text) {
          problem(`is required with ${first}: it is the body above it`, 'text');
        }
        if (first === 'replyButtonMessage' && characters(content.text ?? '') > sessionLimits.buttonsBody) {
          problem(
            `is longer than WhatsApp's ${sessionLimits.buttonsBody} characters beside buttons: shorten it`,
            'text',
          );
        }
      },
      { when: ({ value }) => isObject(value) },
    ),
  );

function characters(value: string): number {
  return Array.from(value).length;
}

/** Takes anything: the rule over all sections also holds when one of them is malformed. */
function rowCount(list: unknown): number {
  const sections = isObject(list) ? arrayOf(list['sections']) : [];
  return sections.reduce(
    (sum: number, section) => sum + (isObject(section) ? arrayOf(section['rows']).length : 0),
    0,
  );
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
