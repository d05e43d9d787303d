import { messageJsonSchema } from '../../../cli/schema/message-schema.ts';
import { isObject } from '../../../lib/message/json.ts';
import type { Message } from '../../../lib/message/message.ts';

type Fields = Readonly<Record<string, unknown>>;

const common = {
  to: '+15555555555',
  id: 'order-42',
  from: '+15550000000',
  businessId: 'business-1',
  channelType: 'sms',
  ifUnclear: 'settle',
  expiresAt: '2026-11-22T18:00:00Z',
  callbackData: { order: 42 },
};
const choice = { id: 'r1', text: 'One' };
const around = { header: { text: 'H' }, footer: { text: 'F' } };

function session(message: Fields) {
  return { type: 'session' as const, ...common, message };
}

/**
 * Valid messages that together have every field of the contract, at any depth. No value is a default: a field that is
 * dropped on its way is then seen. Of each type, the first has every field of the message itself.
 */
export const completeMessages: readonly (Fields & Pick<Message, 'type'>)[] = [
  { type: 'text', ...common, text: 'hello!' },
  {
    type: 'template',
    ...common,
    channelType: 'whatsapp',
    templateName: 'order_ready',
    language: 'pt_BR',
    parameters: [{ name: 'header_document', value: 'https://example.com/a', filename: 'a.pdf' }],
    campaignName: 'spring',
  },
  session({
    attachments: [{ type: 'image', url: 'https://example.com/a', caption: 'A', filename: 'a.png' }],
  }),
  session({ location: { latitude: 49, longitude: -123, name: 'Shop', address: 'Main St' } }),
  session({
    text: 'Pick one',
    listMessage: { ...around, button: { text: 'Open' }, sections: [{ rows: [choice] }] },
  }),
  session({ text: 'Sure?', replyButtonMessage: { ...around, buttons: [choice] } }),
  session({ singleProductMessage: {} }),
  session({ text: 'Look', multiProductMessage: {} }),
];

/** The JSON Schema of each type of message. */
export const schemaOf = Object.fromEntries(
  messageJsonSchema('2020-12').oneOf.map((schema) => {
    const { const: type } = object(object(schema['properties'])['type']);
    return [String(type), schema];
  }),
);

/** The path of every field that a type of message may have, such as `parameters[].name`. */
export function fieldPaths(type: Message['type']): string[] {
  return pathsIn(object(schemaOf[type]), '');
}

function pathsIn(schema: Fields, path: string): string[] {
  const inner = Object.entries(object(schema['properties'])).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [at].concat(pathsIn(object(field), at));
  });
  return 'items' in schema ? [...inner, ...pathsIn(object(schema['items']), `${path}[]`)] : inner;
}

/** The paths of everything in a value, in the same form. */
export function filledPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => filledPaths(item, `${path}[]`));
  return Object.entries(object(value)).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [at].concat(filledPaths(inner, at));
  });
}

function object(value: unknown): Fields {
  return isObject(value) ? value : {};
}
