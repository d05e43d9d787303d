import * as z from 'zod';
import { maximumCallbackDataBytes } from '../../lib/message/callback-data.ts';
import { isObject } from '../../lib/message/json.ts';
import { maximumDepth } from '../../lib/message/json-depth.ts';
import { messageSchema } from '../../lib/message/message.ts';
import { maximumLifeMs, maximumMessageBytes } from '../../lib/message/parse.ts';
import { bsuidPattern, e164Pattern } from '../../lib/message/phone-number.ts';
import { contentKinds, kindsWithBody, sessionLimits } from '../../lib/message/session-content.ts';

export const drafts = ['2020-12', 'draft-07'] as const;

export type Draft = (typeof drafts)[number];

type JsonSchema = Readonly<Record<string, unknown>>;

export interface MessageJsonSchema {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  /** One for each type of message. */
  readonly oneOf: JsonSchema[];
  readonly examples: object[];
}

const targets = { '2020-12': 'draft-2020-12', 'draft-07': 'draft-07' } as const;

const examples = [
  { type: 'text', to: '+15555555555', text: 'hello!' },
  {
    type: 'template',
    to: '+15555555555',
    templateName: 'order_ready',
    language: 'en',
    parameters: [{ name: 'body_1', value: 'Ana' }],
    id: 'order-42-ready',
    callbackData: { order: 42 },
  },
];

/**
 * The JSON Schema of a message on the sends queue, out of the schema that the sender checks with. It accepts whatever
 * the sender accepts; the few rules that JSON Schema cannot say stand in a description.
 */
export function messageJsonSchema(draft: Draft): MessageJsonSchema {
  const generated = z.toJSONSchema(messageSchema, {
    target: targets[draft],
    io: 'input',
    unrepresentable: 'any',
  });
  return {
    $schema: generated.$schema ?? '',
    title: 'A message on the sends queue of connectly-relay',
    description: `One JSON object in UTF-8, at most ${maximumMessageBytes / 1024} KiB and ${maximumDepth} levels deep.`,
    oneOf: listOf(generated.oneOf).map((each) => annotated(each, typeOf(each), '')),
    examples,
  };
}

/** Adds the notes to a schema and to whatever it holds. `path` is as in an error of the sender. */
function annotated(schema: JsonSchema, type: string, path: string): JsonSchema {
  const properties = Object.entries(objectOf(schema['properties']));
  return portable({
    ...schema,
    ...(properties.length > 0 && {
      properties: Object.fromEntries(
        properties.map(([name, inner]) => [
          name,
          annotated(objectOf(inner), type, path === '' ? name : `${path}.${name}`),
        ]),
      ),
    }),
    ...('items' in schema && { items: annotated(objectOf(schema['items']), type, `${path}[]`) }),
    ...notes[path],
    ...notes[`${type}:${path}`],
  });
}

/** Says the same to every validator: `\d` is more than ten digits to some who read these patterns. */
function portable({ format, ...rest }: JsonSchema): JsonSchema {
  // Whoever takes "uri" for a rule refuses spaces and letters that are common in real addresses.
  const schema = format === undefined || format === 'uri' ? rest : { format, ...rest };
  const { pattern } = schema;
  return typeof pattern === 'string'
    ? { ...schema, pattern: pattern.replaceAll(String.raw`\d`, '[0-9]') }
    : schema;
}

/** What the generated schema lacks, by the place of the field, or by the type of message and the place. */
const notes: Readonly<Record<string, JsonSchema>> = {
  type: { description: 'What kind of message this is.' },
  to: {
    description:
      'The recipient: a phone number in E.164 form, or a business-scoped user id without "bsuid:".',
    anyOf: [portable({ pattern: e164Pattern.source }), portable({ pattern: bsuidPattern.source })],
  },
  id: { description: 'Your key: one send for each. It comes back as "sendId" on the events that answer.' },
  from: { description: 'The business number to send from.' },
  businessId: { description: 'The Connectly business.' },
  channelType: { description: 'The channel: "whatsapp", "sms" and so on; "whatsapp" when it is absent.' },
  'template:channelType': { const: 'whatsapp', description: 'Templates exist on WhatsApp only.' },
  ifUnclear: { description: 'What to do when nobody can know whether Connectly accepted the message.' },
  expiresAt: {
    description: `When it must not be sent any more: at most ${maximumLifeMs / 86_400_000} days after the message is queued.`,
  },
  callbackData: {
    description: `Any JSON; it comes back with every status. At most ${maximumCallbackDataBytes} bytes as compact JSON, together with the id that travels with it.`,
  },
  text: { description: 'What the recipient reads.' },
  templateName: { description: 'The approved template.' },
  language: { description: 'The language that the template is approved in, such as "en" or "pt_BR".' },
  parameters: { description: 'What fills the places of the template.' },
  campaignName: { description: 'The campaign that the message counts for.' },
  message: {
    description: "Connectly's own message object; parts that are not described here pass.",
    ...contentRules(),
  },
  'message.attachments[].url': {
    pattern: String.raw`^\s*[hH][tT][tT][pP][sS]?:\/\/`,
    description: 'A public http or https address.',
  },
  'message.listMessage.header.text': atMost(sessionLimits.headerOrFooter),
  'message.listMessage.footer.text': atMost(sessionLimits.headerOrFooter),
  'message.listMessage.button.text': atMost(sessionLimits.buttonLabel),
  'message.listMessage.sections': {
    description: `At most ${sessionLimits.listRows} rows in all sections together.`,
  },
  'message.listMessage.sections[].rows[].id': atMost(sessionLimits.listRowId),
  'message.listMessage.sections[].rows[].text': atMost(sessionLimits.listRowLabel),
  'message.replyButtonMessage.header.text': atMost(sessionLimits.headerOrFooter),
  'message.replyButtonMessage.footer.text': atMost(sessionLimits.headerOrFooter),
  'message.replyButtonMessage.buttons[].id': atMost(sessionLimits.buttonId),
  'message.replyButtonMessage.buttons[].text': atMost(sessionLimits.buttonLabel),
};

/** The rules over several fields of a session message. */
function contentRules(): JsonSchema {
  // Any other field counts as content: it is Connectly's to judge.
  const other = { not: { propertyNames: { enum: ['text', 'id', 'attachments'] } } };
  const some = { anyOf: [filled('text'), having('attachments'), other] };
  const alone = contentKinds
    .slice(0, -1)
    .map((kind, index) =>
      implies(having(kind), { not: { anyOf: contentKinds.slice(index + 1).map(having) } }),
    );
  const withBody = kindsWithBody.map((kind) => implies(having(kind), filled('text')));
  const shortBody = implies(having('replyButtonMessage'), {
    properties: { text: atMost(sessionLimits.buttonsBody) },
  });
  return { allOf: [some, ...alone, ...withBody, shortBody] };
}

function implies(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  return { anyOf: [{ not: condition }, consequence] };
}

/** An empty list of attachments is none. */
function having(kind: string): JsonSchema {
  return kind === 'attachments'
    ? { required: [kind], properties: { [kind]: { minItems: 1 } } }
    : { required: [kind] };
}

function filled(field: string): JsonSchema {
  return { required: [field], properties: { [field]: { minLength: 1 } } };
}

function atMost(maxLength: number): JsonSchema {
  return { maxLength };
}

function typeOf(schema: JsonSchema): string {
  return String(objectOf(objectOf(schema['properties'])['type'])['const']);
}

function objectOf(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
