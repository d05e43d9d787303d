import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { businessNumber, customer, fakeForEachTest, type RunningFake } from './running-fake.ts';

let running: RunningFake;
fakeForEachTest((started) => (running = started), { enforceWindows: false });

const recipient = { id: customer, channelType: 'whatsapp' };
const sender = { id: businessNumber, channelType: 'whatsapp' };
const saying = (message: object, more: object = {}) => ({ recipient, message, ...more });
const hiTo = (change: object) => ({ recipient: { ...recipient, ...change }, message: { text: 'hi' } });
const attachment = { type: 'document', url: 'https://files.example.com/a.pdf', filename: 'a.pdf' };
const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `r${i}`, text: `Row ${i}` }));
const buttons = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `b${i}`, text: `B ${i}` }));

describe('accepted', () => {
  test.each([
    ['a text', saying({ text: 'hi' })],
    ['a sender as an object', { sender, recipient, message: { text: 'hi' } }],
    ['a bare BSUID', hiTo({ id: 'US.13491208655302741918' })],
    ['an SMS', hiTo({ channelType: 'sms' })],
    ['one attachment', saying({ attachments: [attachment] })],
    ['an attachment beside an empty text', saying({ text: '', attachments: [attachment] })],
    ['a location', saying({ location: { latitude: 49.2, longitude: -123.1, name: 'Shop' } })],
    ['a list of ten rows', saying({ text: 'Pick', listMessage: { sections: [{ rows: rows(10) }] } })],
    ['three buttons', saying({ text: 'Yes?', replyButtonMessage: { buttons: buttons(3) } })],
    ['one product without a text', saying({ singleProductMessage: { any: 1 } })],
    ['products with a text', saying({ text: 'See', multiProductMessage: { any: 1 } })],
    ['a field that nobody knows', saying({ text: 'hi' }, { surprise: true })],
    [
      'fields that are null',
      { sender: null, recipient, message: { text: 'hi', location: null, attachments: null } },
    ],
    ['callbackData of 1024 bytes', saying({ text: 'hi' }, { callbackData: 'é'.repeat(511) })],
  ])('%s', async (_, body) => {
    const reply = await running.vendor('POST', '/send/messages', body);

    expect(reply.text).toMatch(/^\{"id":"[0-9A-HJKMNP-TV-Z]{26}"\}$/);
    expect(reply.status).toBe(201);
    expect(running.fake.state().accepted.count).toBe(1);
  });
});

describe('refused', () => {
  test.each([
    ['a sender as a string', { sender: businessNumber, recipient, message: { text: 'hi' } }, 'UNSPECIFIED'],
    [
      'a sender without channel',
      { sender: { id: businessNumber }, recipient, message: { text: 'hi' } },
      'UNSPECIFIED',
    ],
    [
      'a sender that is no number',
      { sender: { ...sender, id: '1604' }, recipient, message: { text: 'hi' } },
      'INVALID_SENDER_ID',
    ],
    ['a recipient as a string', { recipient: customer, message: { text: 'hi' } }, 'UNSPECIFIED'],
    ['no recipient', { message: { text: 'hi' } }, 'UNSPECIFIED'],
    ['a number without +', hiTo({ id: '15555555555' }), 'PHONE_NUMBER_BAD_FORMAT'],
    ['a punctuated number', hiTo({ id: '+1 555-555' }), 'PHONE_NUMBER_BAD_FORMAT'],
    ['16 digits', hiTo({ id: '+1234567890123456' }), 'PHONE_NUMBER_BAD_FORMAT'],
    ["a template's BSUID", hiTo({ id: 'bsuid:US.1' }), 'PHONE_NUMBER_BAD_FORMAT'],
    [
      'a BSUID in userId alone',
      { recipient: { channelType: 'whatsapp', userId: 'US.1' }, message: { text: 'hi' } },
      'UNSPECIFIED',
    ],
    ['no channel', { recipient: { id: customer }, message: { text: 'hi' } }, 'UNSPECIFIED'],
    ['an unknown channel', hiTo({ channelType: 'pigeon' }), 'BUSINESS_MISSES_MATCHING_CHANNEL'],
    ['oneself', { sender, recipient: sender, message: { text: 'hi' } }, 'MESSAGE_SELF_INVALID'],
    ['no message', { recipient }, 'UNSPECIFIED'],
    ['an empty text', saying({ text: '' }), 'MESSAGE_TEXT_EMPTY'],
    ['no content', saying({}), 'MESSAGE_TEXT_EMPTY'],
    ['products without a text', saying({ multiProductMessage: {} }), 'MESSAGE_TEXT_EMPTY'],
    ['a text that is a number', saying({ text: 1 }), 'UNSPECIFIED'],
    [
      'two attachments',
      saying({ attachments: [attachment, attachment] }),
      'MESSAGE_ATTACHMENTS_NUMBER_INVALID',
    ],
    [
      'an attachment of another type',
      saying({ attachments: [{ ...attachment, type: 'sticker' }] }),
      'UNSPECIFIED',
    ],
    ['an attachment without URL', saying({ attachments: [{ type: 'image' }] }), 'MESSAGE_ATTACHMENT_EMPTY'],
    [
      'an attachment URL that is none',
      saying({ attachments: [{ ...attachment, url: 'a b' }] }),
      'MESSAGE_ATTACHMENT_INVALID',
    ],
    [
      'an attachment URL of another scheme',
      saying({ attachments: [{ ...attachment, url: 'file:///a' }] }),
      'MESSAGE_ATTACHMENT_INVALID',
    ],
    ['two kinds of content', saying({ attachments: [attachment], location: {} }), 'UNSPECIFIED'],
    ['a text beside a location', saying({ text: 'hi', location: {} }), 'UNSPECIFIED'],
    ['a latitude in a string', saying({ location: { latitude: '49' } }), 'UNSPECIFIED'],
    [
      'eleven rows',
      saying({ text: 'Pick', listMessage: { sections: [{ rows: rows(6) }, { rows: rows(5) }] } }),
      'UNSPECIFIED',
    ],
    [
      'a row without id',
      saying({ text: 'Pick', listMessage: { sections: [{ rows: [{ text: 'a' }] }] } }),
      'UNSPECIFIED',
    ],
    ['four buttons', saying({ text: 'Yes?', replyButtonMessage: { buttons: buttons(4) } }), 'UNSPECIFIED'],
    ['no button', saying({ text: 'Yes?', replyButtonMessage: { buttons: [] } }), 'UNSPECIFIED'],
    [
      'a label of 21 characters',
      saying({ text: 'Yes?', replyButtonMessage: { buttons: [{ id: 'a', text: 'é'.repeat(21) }] } }),
      'UNSPECIFIED',
    ],
    [
      'callbackData of 1025 bytes',
      saying({ text: 'hi' }, { callbackData: `a${'é'.repeat(511)}` }),
      'UNSPECIFIED',
    ],
    ['a body that is no object', [1], 'UNSPECIFIED'],
    ['a body that is not JSON', '{', 'UNSPECIFIED'],
  ])('%s', async (_, body, expected) => {
    const reply = await running.vendor('POST', '/send/messages', body);

    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({
      code: `ERROR_CODE_${expected}`,
      type: expect.stringMatching(/^ERROR_TYPE_/),
      message: expect.any(String),
      userTitle: expect.any(String),
      userMessage: expect.any(String),
      cntTraceId: expect.stringMatching(/^\d{20}$/),
      details: {},
    });
    expect(running.fake.state().accepted.count).toBe(0);
  });

  test('a form, which is what curl sends without a content type', async () => {
    const reply = await running.call('POST', '/v1/businesses/b1/send/messages', {
      body: saying({ text: 'hi' }),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    expect(reply.status).toBe(400);
    expect(reply.json.message).toContain('content-type');
  });

  test.each([['{'], [Buffer.from([0x22, 0xff, 0x22])], ['']])(
    'bytes that are not JSON in UTF-8',
    async (body) => {
      const reply = await running.call('POST', '/v1/businesses/b1/send/messages', { body });

      expect(reply.status).toBe(400);
      expect(reply.json.message).toContain('JSON in UTF-8');
    },
  );

  test('a sender that is not among the numbers of the business', async () => {
    running.fake.configure({ businessNumbers: ['+16044449999'] });

    const foreign = await running.vendor('POST', '/send/messages', {
      sender,
      recipient,
      message: { text: 'hi' },
    });
    const silent = await running.sendText();

    expect(foreign.json.code).toBe('ERROR_CODE_INVALID_SENDER_ID');
    expect(silent.status).toBe(201);
    expect(running.fake.state().accepted.newest[0]?.businessNumber).toBe('+16044449999');
  });

  test('a body of more than 1 MiB, read to its end so that the connection can go on', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const path = '/v1/businesses/b1/send/messages';

    const long = await running.call('POST', path, { agent, body: 'a'.repeat(8 * 1024 * 1024) });
    const next = await running.call('POST', path, { agent, body: saying({ text: 'hi' }) });
    agent.destroy();

    expect([long.status, next.status]).toEqual([413, 201]);
  });
});
