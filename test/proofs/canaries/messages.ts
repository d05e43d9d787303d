import type { Canaries } from './canaries.ts';

/** Contents of messages on the sends queue: every kind, personal in every place that can be. */
export const contents: Readonly<Record<string, (canaries: Canaries) => Readonly<Record<string, unknown>>>> = {
  text: ({ text, name }) => ({ type: 'text', text: `${name}: ${text}` }),
  template: ({ text, name }) => ({
    type: 'template',
    templateName: 'order_ready',
    language: 'en',
    parameters: [
      { name: 'body_1', value: name },
      { name: 'header_1', value: text, filename: `${name}.pdf` },
    ],
    campaignName: name,
  }),
  document: ({ text, name, callbackData }) => ({
    type: 'session',
    message: {
      attachments: [
        {
          type: 'document',
          url: `https://files.example.com/${callbackData}.pdf`,
          filename: `${name}.pdf`,
          caption: text,
        },
      ],
    },
  }),
  location: ({ name, text }) => ({
    type: 'session',
    message: { location: { latitude: 52.5, longitude: 13.4, name, address: text } },
  }),
  list: ({ name, text }) => ({
    type: 'session',
    message: {
      text,
      listMessage: {
        button: { text: 'Choose' },
        sections: [{ title: name, rows: [{ id: text, text: 'One', description: name }] }],
      },
    },
  }),
  buttons: ({ name, text }) => ({
    type: 'session',
    message: { text, replyButtonMessage: { buttons: [{ id: name, text: 'Yes' }] } },
  }),
  product: ({ name, text }) => ({
    type: 'session',
    message: { text, singleProductMessage: { catalogId: name, productId: text } },
  }),
  unknown: ({ name, text }) => ({ type: 'session', message: { ofTomorrow: { name, text } } }),
};

/** What parts of a message are wrong, and how. None of it may be repeated to whoever is told about it. */
export const mistakes: Readonly<Record<string, (canaries: Canaries) => string>> = {
  'no JSON': ({ text, phone }) => `{"type":"text","to":"${phone}","text":"${text}`,
  'no object': ({ text }) => JSON.stringify([text]),
  'unknown kind': ({ phone, text }) => JSON.stringify({ type: text, to: phone }),
  'unknown field': ({ phone, text, name }) =>
    JSON.stringify({ type: 'text', to: phone, text, [name]: text, [phone]: name, [text]: 1 }),
  'misspelt field': ({ phone, text }) => JSON.stringify({ type: 'text', to: phone, txt: text }),
  'no number': ({ name, text }) => JSON.stringify({ type: 'text', to: name, text }),
  'number with blanks': ({ phone, text }) =>
    JSON.stringify({ type: 'text', to: `${phone.slice(0, 3)} ${phone.slice(3)}`, text }),
  'number as a number': ({ phone, text }) =>
    JSON.stringify({ type: 'text', to: Number(phone.slice(1)), text }),
  'wrong types': ({ phone, text, name }) =>
    JSON.stringify({
      type: 'template',
      to: phone,
      templateName: [text],
      parameters: name,
      language: { text },
    }),
  'wrong parameter': ({ phone, text, name }) =>
    JSON.stringify({
      type: 'template',
      to: phone,
      templateName: 'order_ready',
      parameters: [{ name: text, value: { name } }, { [name]: text }],
    }),
  'wrong policy': ({ phone, text }) => JSON.stringify({ type: 'text', to: phone, text, ifUnclear: text }),
  'wrong expiry': ({ phone, text, name }) =>
    JSON.stringify({ type: 'text', to: phone, text, expiresAt: name }),
  'wrong business': ({ phone, text, name }) =>
    JSON.stringify({ type: 'text', to: phone, text, businessId: name }),
  'wrong id': ({ phone, text, name }) => JSON.stringify({ type: 'text', to: phone, text, id: `${name}\n` }),
  'wrong sender': ({ phone, text, name }) => JSON.stringify({ type: 'text', to: phone, text, from: name }),
  'wrong channel': ({ phone, text }) =>
    JSON.stringify({ type: 'template', to: phone, templateName: 'order_ready', channelType: text }),
  'too much callback data': ({ phone, text, callbackData }) =>
    JSON.stringify({ type: 'text', to: phone, text, callbackData: callbackData.repeat(40) }),
  'wrong attachment': ({ phone, text, name }) =>
    JSON.stringify({
      type: 'session',
      to: phone,
      message: { attachments: [{ type: text, url: `file:///${name}`, caption: 5 }] },
    }),
  'two kinds at once': ({ phone, text, name }) =>
    JSON.stringify({
      type: 'session',
      to: phone,
      message: { text, location: { latitude: name, longitude: 500 }, attachments: [{ [text]: name }] },
    }),
  'too long a label': ({ phone, text, name }) =>
    JSON.stringify({
      type: 'session',
      to: phone,
      message: { text, replyButtonMessage: { buttons: [{ id: 'yes', text: name.repeat(3) }] } },
    }),
  'too deep': ({ phone, text }) =>
    `{"type":"session","to":"${phone}","message":${'{"a":'.repeat(70)}${JSON.stringify(text)}${'}'.repeat(71)}`,
  'too large': ({ phone, text }) => JSON.stringify({ type: 'text', to: phone, text: text.repeat(6_000) }),
};
