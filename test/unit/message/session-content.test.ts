import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../lib/message/parse.ts';

function problemsOf(message: unknown): string[] {
  const parsed = parseMessage(JSON.stringify({ type: 'session', to: '+16044441111', message }), {
    queuedAt: 0,
  });
  return parsed.ok ? [] : parsed.problems.map(({ path, text }) => `${path}: ${text}`);
}

const row = (id: string) => ({ id, text: id });
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(`r${index}`));
const list = (change: object = {}) => ({
  text: 'Pick a slot',
  listMessage: { button: { text: 'Open' }, sections: [{ rows: rows(2) }], ...change },
});
const buttons = (change: object = {}) => ({
  text: 'Confirm?',
  replyButtonMessage: { buttons: [row('yes'), row('no')], ...change },
});
const attachment = (change: object = {}) => ({
  attachments: [{ type: 'document', url: 'https://files.example.com/invoice.pdf', ...change }],
});
const location = (latitude: unknown, longitude: unknown) => ({ location: { latitude, longitude } });

describe("the vendor's own message", () => {
  it.each([
    ['a text', { text: 'hi' }],
    ['a document', attachment({ filename: 'invoice.pdf', caption: 'Yours' })],
    ['a document over http', attachment({ url: 'http://files.example.com/a' })],
    ['an image beside a text', { text: 'look', ...attachment({ type: 'image' }) }],
    [
      'a location',
      { location: { latitude: 49.2827, longitude: -123.1207, name: 'Shop', address: '1 Main St' } },
    ],
    ['a location at the edge of the map', location(-90, 180)],
    ['a list with header and footer', list({ header: { text: 'x'.repeat(60) }, footer: { text: 'y' } })],
    ['a list of ten rows in two sections', list({ sections: [{ rows: rows(9) }, { rows: rows(1) }] })],
    [
      'a list with labels at their limits',
      list({
        button: { text: 'x'.repeat(20) },
        sections: [{ rows: [{ id: 'i'.repeat(200), text: '😀'.repeat(24) }] }],
      }),
    ],
    [
      'a list with parts that we do not know',
      list({ sections: [{ title: 't', rows: [{ ...row('a'), description: 'd' }] }] }),
    ],
    ['three buttons', buttons({ buttons: rows(3) })],
    ['a button at its limits', buttons({ buttons: [{ id: 'i'.repeat(256), text: '😀'.repeat(20) }] })],
    ['buttons below a body of 1,024 characters', { ...buttons(), text: 'é'.repeat(1024) }],
    ['a list below a longer body', { ...list(), text: 'x'.repeat(1025) }],
    ['a text as long as it likes', { text: 'x'.repeat(5000) }],
    ['buttons with a media header', buttons({ header: { image: { url: 'x' } } })],
    ['one product', { singleProductMessage: { anything: 1 } }],
    ['several products', { text: 'Our best', multiProductMessage: { anything: 1 } }],
    ['a kind that we do not know', { brandNewKind: { a: 1 } }],
    [
      'an id and empty attachments beside a text',
      { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', text: 'hi', attachments: [] },
    ],
  ])('may be %s', (_, message) => {
    const problems = problemsOf(message);

    expect(problems).toEqual([]);
  });

  const noContent =
    'message: has no content: give it text, attachments, location, listMessage, replyButtonMessage, singleProductMessage or multiProductMessage';

  it.each<[string, unknown, string[]]>([
    ['empty', {}, [noContent]],
    ['an empty text', { text: '' }, [noContent]],
    ['nothing but empty attachments', { attachments: [] }, [noContent]],
    ['nothing but an id', { id: 'x' }, [noContent]],
    [
      'two attachments',
      { attachments: [...attachment().attachments, ...attachment().attachments] },
      ['message.attachments: must hold at most 1 attachment'],
    ],
    [
      'an attachment of no kind',
      attachment({ type: 'sticker' }),
      ['message.attachments[0].type: must be "image" or "video" or "audio" or "document"'],
    ],
    [
      'an attachment without an address',
      attachment({ url: undefined }),
      ['message.attachments[0].url: is required: a string'],
    ],
    [
      'an attachment on a disk',
      attachment({ url: 'file:///etc/passwd' }),
      ['message.attachments[0].url: must be a public http or https address'],
    ],
    [
      'a script for an attachment',
      attachment({ url: 'javascript:alert(1)' }),
      ['message.attachments[0].url: must be a public http or https address'],
    ],
    ['a latitude over 90', location(90.1, 0), ['message.location.latitude: must be at most 90']],
    ['a longitude under -180', location(0, -180.1), ['message.location.longitude: must be at least -180']],
    [
      'a latitude in words',
      location('north', 0),
      ['message.location.latitude: must be a number, not a string'],
    ],
    [
      'a list without a body',
      { ...list(), text: undefined },
      ['message.text: is required with listMessage: it is the body above it'],
    ],
    [
      'a list without sections',
      list({ sections: [] }),
      ['message.listMessage.sections: must hold 1 to 10 sections'],
    ],
    [
      'a list of eleven sections',
      list({ sections: Array.from({ length: 11 }, () => ({ rows: rows(1) })) }),
      ['message.listMessage.sections: must hold 1 to 10 sections'],
    ],
    [
      'a section without rows',
      list({ sections: [{ rows: [] }] }),
      ['message.listMessage.sections[0].rows: must hold 1 to 10 rows'],
    ],
    [
      'ten rows and a section that is none',
      list({ sections: [{ rows: rows(10) }, { title: 't' }] }),
      ['message.listMessage.sections[1].rows: is required: an array'],
    ],
    [
      'eleven rows in two sections',
      list({ sections: [{ rows: rows(10) }, { rows: rows(1) }] }),
      ['message.listMessage.sections: must hold at most 10 rows in all'],
    ],
    [
      'a row label of 25 characters',
      list({ sections: [{ rows: [{ id: 'a', text: '😀'.repeat(25) }] }] }),
      ["message.listMessage.sections[0].rows[0].text: is longer than WhatsApp's 24 characters: shorten it"],
    ],
    [
      'a row id of 201 characters',
      list({ sections: [{ rows: [{ id: 'i'.repeat(201), text: 'a' }] }] }),
      ["message.listMessage.sections[0].rows[0].id: is longer than WhatsApp's 200 characters: shorten it"],
    ],
    [
      'a list whose button has no label',
      list({ button: { text: '' } }),
      ['message.listMessage.button.text: must not be empty: leave it out or fill it'],
    ],
    [
      'a list button of 21 characters',
      list({ button: { text: 'x'.repeat(21) } }),
      ["message.listMessage.button.text: is longer than WhatsApp's 20 characters: shorten it"],
    ],
    [
      'a header of 61 characters',
      list({ header: { text: 'x'.repeat(61) } }),
      ["message.listMessage.header.text: is longer than WhatsApp's 60 characters: shorten it"],
    ],
    [
      'a footer of 61 characters',
      buttons({ footer: { text: 'x'.repeat(61) } }),
      ["message.replyButtonMessage.footer.text: is longer than WhatsApp's 60 characters: shorten it"],
    ],
    ['no button', buttons({ buttons: [] }), ['message.replyButtonMessage.buttons: must hold 1 to 3 buttons']],
    [
      'four buttons',
      buttons({ buttons: rows(4) }),
      ['message.replyButtonMessage.buttons: must hold 1 to 3 buttons'],
    ],
    [
      'a button of 21 characters',
      buttons({ buttons: [{ id: 'a', text: 'x'.repeat(21) }] }),
      ["message.replyButtonMessage.buttons[0].text: is longer than WhatsApp's 20 characters: shorten it"],
    ],
    [
      'a button id of 257 characters',
      buttons({ buttons: [{ id: 'i'.repeat(257), text: 'a' }] }),
      ["message.replyButtonMessage.buttons[0].id: is longer than WhatsApp's 256 characters: shorten it"],
    ],
    [
      'buttons without a body',
      { ...buttons(), text: '' },
      ['message.text: is required with replyButtonMessage: it is the body above it'],
    ],
    [
      'buttons with no body at all',
      { replyButtonMessage: buttons().replyButtonMessage },
      ['message.text: is required with replyButtonMessage: it is the body above it'],
    ],
    [
      'buttons below a body of 1,025 characters',
      { ...buttons(), text: '😀'.repeat(1025) },
      ["message.text: is longer than WhatsApp's 1024 characters beside buttons: shorten it"],
    ],
    [
      'several products without a body',
      { multiProductMessage: {} },
      ['message.text: is required with multiProductMessage: it is the body above it'],
    ],
    [
      'two kinds at once',
      { ...buttons(), ...attachment() },
      ['message: has attachments and replyButtonMessage: keep one content kind per message'],
    ],
    [
      'a list that is none',
      { text: 'a', listMessage: 'x' },
      ['message.listMessage: must be an object, not a string'],
    ],
    ['text that is none', { text: 7 }, ['message.text: must be a string, not a number']],
  ])('must not be %s', (_, message, expected) => {
    const problems = problemsOf(message);

    expect(problems).toEqual(expected);
  });

  it('tells the problems of its parts and of the whole at once', () => {
    const sections = [{ rows: rows(10) }, { rows: [{ id: 'x' }] }, null];
    const problems = problemsOf({ ...list({ sections }), text: '', ...location(91, 0) });

    expect(problems).toEqual([
      'message.location.latitude: must be at most 90',
      'message.listMessage.sections[1].rows[0].text: is required: a string',
      'message.listMessage.sections[2]: must be an object, not null',
      'message.listMessage.sections: must hold at most 10 rows in all',
      'message: has location and listMessage: keep one content kind per message',
    ]);
  });

  it('is not counted in sections that are none', () => {
    const problems = problemsOf(list({ sections: 'all' }));

    expect(problems).toEqual(['message.listMessage.sections: must be an array, not a string']);
  });
});
