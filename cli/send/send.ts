import { type Command, Option } from 'commander';
import { usageError } from '../errors.ts';
import { present } from '../present.ts';
import {
  collectNameValues,
  degreesUpTo,
  type NameValue,
  readExactJson,
  refuseRepeated,
} from '../terminal/option-values.ts';
import { textOf } from '../terminal/text.ts';
import { defineSend, type Source } from './send-command.ts';

// Seven commands that differ in what a message holds. How it is sent is for send-command.ts.

/** `relay send text` */
export const sendText = defineSend<{ readonly text: string }>({
  examples: [
    'send text --to +15555555555 --text "hello!"',
    'send text --to +15555555555 --text "hello!" --id order-42-ready --follow',
    'send text --to +15555555555 --text - --stage prod < text.txt',
  ],
  define: (command) => command.requiredOption('--text <text>', 'what to write; - for stdin'),
  content: async ({ text }, source) => ({ type: 'text', text: await textArgument(text, source) }),
});

/** A text as it was typed; all of stdin for `-`, which keeps it out of the list of processes. */
async function textArgument(text: string, { readInput }: Source): Promise<string> {
  return text === '-' ? textOf(await readInput('-'), 'stdin').replace(/\r?\n$/, '') : text;
}

interface TemplateOptions {
  readonly template: string;
  readonly language?: string;
  readonly campaign?: string;
  readonly param?: readonly NameValue[];
  readonly filename?: readonly NameValue[];
}

/** `relay send template` */
export const sendTemplate = defineSend<TemplateOptions>({
  examples: [
    'send template --to +15555555555 --template order_ready --language en --param body_1=Ana',
    'send template --to +15555555555 --template invoice --language en --param header_document=https://example.com/42.pdf --filename header_document=invoice.pdf --dry-run',
  ],
  define: (command) =>
    command
      .requiredOption('--template <name>', 'the approved template')
      .option('--language <code>', 'en, en_US, pt_BR, ...: Connectly wants it approved in this one')
      .option('--param <name=value>', 'fills a place, such as body_1=Ana; may be repeated', collectNameValues)
      .option('--filename <name=file>', 'the name that a document parameter is shown by', collectNameValues)
      .option('--campaign <name>', 'the campaign that it counts for'),
  content({ template, language, campaign, param = [], filename = [] }) {
    refuseRepeated('--param', param);
    refuseRepeated('--filename', filename);
    const lost = filename.find(({ name }) => !param.some((each) => each.name === name));
    if (lost !== undefined) {
      throw usageError(
        `--filename names ${lost.name}, which no --param fills. Add: --param ${lost.name}=URL`,
      );
    }
    const parameters = param.map(({ name, value }) =>
      present({ name, value, filename: filename.find((each) => each.name === name)?.value }),
    );
    return present({
      type: 'template',
      templateName: template,
      language,
      parameters: parameters.length > 0 ? parameters : undefined,
      campaignName: campaign,
    });
  },
});

interface AttachmentOptions {
  readonly type: string;
  readonly url: string;
  readonly caption?: string;
  readonly filename?: string;
}

/** `relay send attachment` */
export const sendAttachment = defineSend<AttachmentOptions>({
  examples: [
    'send attachment --to +15555555555 --type document --url https://example.com/invoice.pdf --filename invoice.pdf',
    'send attachment --to +15555555555 --type image --url https://example.com/shop.png --caption "Our shop"',
  ],
  define: (command) =>
    command
      .addOption(
        new Option('--type <type>', 'what it is')
          .choices(['image', 'video', 'audio', 'document'])
          .makeOptionMandatory(),
      )
      .requiredOption('--url <url>', 'where Connectly fetches it: a public http or https address')
      .option('--caption <text>', 'what stands below it')
      .option('--filename <name>', 'the name that a document is shown by'),
  content: ({ type, url, caption, filename }) => ({
    type: 'session',
    message: { attachments: [present({ type, url, caption, filename })] },
  }),
});

interface LocationOptions {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
  readonly address?: string;
}

/** `relay send location` */
export const sendLocation = defineSend<LocationOptions>({
  examples: [
    'send location --to +15555555555 --latitude 49.2827 --longitude -123.1207',
    'send location --to +15555555555 --latitude 49.2827 --longitude -123.1207 --name Shop --address "1 Main St"',
  ],
  define: (command) =>
    command
      .requiredOption('--latitude <degrees>', 'from -90 to 90', degreesUpTo(90))
      .requiredOption('--longitude <degrees>', 'from -180 to 180', degreesUpTo(180))
      .option('--name <text>', 'of the place')
      .option('--address <text>', 'of the place'),
  content: ({ latitude, longitude, name, address }) => ({
    type: 'session',
    message: { location: present({ latitude, longitude, name, address }) },
  }),
});

/** The options of lists and buttons. */
interface InteractiveOptions {
  readonly text: string;
  readonly header?: string;
  readonly footer?: string;
}

function addInteractiveOptions(command: Command): Command {
  return command
    .requiredOption('--text <text>', 'the body; - for stdin')
    .option('--header <text>', 'above the body')
    .option('--footer <text>', 'below the body');
}

/** A message with something to choose; what is around that, a header and a footer, is absent where it was not given. */
async function interactive(
  { text, header, footer }: InteractiveOptions,
  source: Source,
  choice: (around: object) => object,
): Promise<object> {
  const around = {
    ...(header !== undefined && { header: { text: header } }),
    ...(footer !== undefined && { footer: { text: footer } }),
  };
  return { type: 'session', message: { text: await textArgument(text, source), ...choice(around) } };
}

function choices(given: readonly NameValue[]): { id: string; text: string }[] {
  return given.map(({ name, value }) => ({ id: name, text: value }));
}

interface ListOptions extends InteractiveOptions {
  readonly button: string;
  readonly row: readonly NameValue[];
}

/** `relay send list` */
export const sendList = defineSend<ListOptions>({
  examples: [
    'send list --to +15555555555 --text "Pick a slot" --button Open --row s1=10:00 --row s2=11:00',
    'send list --to +15555555555 --text "Pick a slot" --button Open --row s1=10:00 --header Booking --dry-run',
  ],
  define(command) {
    addInteractiveOptions(command)
      .requiredOption('--button <label>', 'what opens the list')
      .requiredOption(
        '--row <id=label>',
        'a row, by the id that comes back when it is chosen; may be repeated',
        collectNameValues,
      );
  },
  content: (options, source) =>
    interactive(options, source, (around) => ({
      listMessage: {
        ...around,
        button: { text: options.button },
        sections: [{ rows: choices(options.row) }],
      },
    })),
});

/** `relay send buttons` */
export const sendButtons = defineSend<InteractiveOptions & { readonly button: readonly NameValue[] }>({
  examples: [
    'send buttons --to +15555555555 --text "Confirm?" --button yes=Yes --button no=No',
    'send buttons --to +15555555555 --text "Confirm?" --button yes=Yes --footer "Reply within a day" --dry-run',
  ],
  define(command) {
    addInteractiveOptions(command).requiredOption(
      '--button <id=label>',
      'a button, by the id that comes back when it is pressed; may be repeated',
      collectNameValues,
    );
  },
  content: (options, source) =>
    interactive(options, source, (around) => ({
      replyButtonMessage: { ...around, buttons: choices(options.button) },
    })),
});

/** `relay send session` */
export const sendSession = defineSend({
  examples: [
    'send session message.json --to +15555555555',
    'send session - --to +15555555555 --dry-run < message.json',
  ],
  define: (command) =>
    command.argument('<file>', "Connectly's own message object, whatever is in it; - for stdin"),
  async content(_options, { operands: [file = '-'], readInput }) {
    const name = file === '-' ? 'stdin' : `The file ${file}`;
    return { type: 'session', message: readExactJson(textOf(await readInput(file), name), name) };
  },
});
