import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maximumMessageBytes, parseMessage, summarize } from '../../../lib/message/parse.ts';

const queuedAt = Date.UTC(2026, 10, 22, 10);
const text = { type: 'text', to: '+15555555555', text: 'hello!' };
const template = { type: 'template', to: '+15555555555', templateName: 'order_ready' };

const parseText = (body: string) => parseMessage(body, { queuedAt });
const parse = (message: unknown) => parseText(JSON.stringify(message));

/** The problems as `path: text`, none for a message that is well. */
function problemsOf(message: unknown): string[] {
  const parsed = typeof message === 'string' ? parseText(message) : parse(message);
  return parsed.ok ? [] : parsed.problems.map((problem) => `${problem.path}: ${problem.text}`);
}

describe('a well-formed message', () => {
  it.each([
    ['a text', text],
    [
      "the vendor's oldest template",
      {
        ...template,
        parameters: [
          { name: 'var1', value: 'value1' },
          { name: 'var2', value: 'value2' },
        ],
      },
    ],
    [
      'a template with everything',
      {
        ...template,
        language: 'pt_BR',
        parameters: [{ name: 'body_1', value: '', filename: 'a.pdf' }],
        campaignName: 'c',
      },
    ],
    ['a template without parameters', { ...template, parameters: [] }],
    ['a template that names its channel', { ...template, channelType: 'whatsapp' }],
    ['a session message', { type: 'session', to: '+16044441111', message: { text: 'hi' } }],
    [
      'a text with every common field',
      {
        ...text,
        id: 'order-42 ready!',
        from: '+14151111234',
        businessId: 'biz_01ARZ3NDEKTSV4RRFFQ69G5FAV',
        channelType: 'sms',
        ifUnclear: 'resend',
        expiresAt: '2026-11-22T18:00:00Z',
        callbackData: { order: 42 },
      },
    ],
  ])('that is %s comes out as it went in', (_, message) => {
    const parsed = parse(message);

    expect(parsed).toStrictEqual({ ok: true, message });
  });

  it("keeps the vendor's own object to the letter, keys of the prototype included", () => {
    const body =
      '{"type":"session","to":"+15555555555","message":{"z":1,"text":"hi","__proto__":{"x":1},"constructor":2}}';

    const parsed = parseText(body);

    expect(JSON.stringify(parsed.ok && parsed.message)).toBe(body);
  });

  it('keeps callbackData to the letter, too', () => {
    const callbackData = '{"z":1,"__proto__":{"x":1},"a":[null]}';

    const parsed = parseText(
      `{"type":"text","to":"+15555555555","text":"hi","callbackData":${callbackData}}`,
    );

    expect(parsed.ok && JSON.stringify(parsed.message.callbackData)).toBe(callbackData);
  });

  it.each([
    [
      'callbackData',
      '"type":"text","text":"hi","callbackData":{"order":[1,12345678901234567890]}',
      'order[1]',
    ],
    [
      'message',
      '"type":"session","message":{"text":"hi","product":{"id":12345678901234567890}}',
      'product.id',
    ],
  ])(
    'refuses a number in %s that would be altered on the way, and says what to do',
    (field, fields, place) => {
      const parsed = parseText(`{"to":"+15555555555",${fields}}`);

      expect(parsed).toEqual({
        ok: false,
        problems: [
          {
            path: `${field}.${place}`,
            text: 'is a number that would be altered on the way: write it as a string, or with at most 15 digits',
          },
        ],
      });
    },
  );

  it('says once what is wrong with a number where none belongs', () => {
    const problems = problemsOf('{"type":"text","text":"hi","callbackData":1,"to":12345678901234567890}');

    expect(problems).toEqual(['to: must be a string, not a number']);
  });

  it('keeps null as callbackData', () => {
    const parsed = parse({ ...text, callbackData: null });

    expect(parsed).toMatchObject({ ok: true, message: { callbackData: null } });
  });
});

const nested = (levels: number) =>
  `{"type":"text","to":"+15555555555","text":"hi","callbackData":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('a body that is no message', () => {
  it.each([
    ['', ': is not valid JSON: put one JSON object on the queue, in UTF-8'],
    ['{"type":"text"', ': is not valid JSON: put one JSON object on the queue, in UTF-8'],
    ['\ufeff{}', ': is not valid JSON: put one JSON object on the queue, in UTF-8'],
    ['null', ': must be a JSON object'],
    ['[]', ': must be a JSON object'],
    ['"text"', ': must be a JSON object'],
    ['{}', 'type: must be "text", "template" or "session"'],
    ['{"type":"sms"}', 'type: must be "text", "template" or "session"'],
    ['{"type":"__proto__"}', 'type: must be "text", "template" or "session"'],
    ['{"type":["text"]}', 'type: must be "text", "template" or "session"'],
  ])('is refused: %j', (body, problem) => {
    const problems = problemsOf(body);

    expect(problems).toEqual([problem]);
  });

  it('may be 256 KiB long, measured in bytes, and not one more', () => {
    const rest = JSON.stringify({ ...text, text: '' }).length;
    const accents = 'é'.repeat((maximumMessageBytes - rest - (rest % 2)) / 2);
    const exact = JSON.stringify({ ...text, text: accents.padEnd(accents.length + (rest % 2), 'x') });

    const problems = [exact, `${exact} `].map(problemsOf);

    expect(Buffer.byteLength(exact)).toBe(256 * 1024);
    expect(problems).toEqual([[], [': is over 256 KiB: send a link instead of the content']]);
  });

  it('may be nested 64 levels deep, and not one more', () => {
    const problems = [63, 64, 100_000].map((levels) => problemsOf(nested(levels)));

    const tooDeep = [': is nested more than 64 levels deep: flatten it'];
    expect(problems).toEqual([[], tooDeep, tooDeep]);
  });
});

describe('a field', () => {
  it.each([
    ['to', '+15555555555'],
    ['to', '+12'],
    ['to', `+${'9'.repeat(15)}`],
    ['to', '+5215512345678'],
    ['to', 'US.13491208655302741918'],
    ['to', `us.${'a'.repeat(128)}`],
    ['text', ' '],
    ['id', 'x'.repeat(128)],
    ['id', ' ~'],
    ['from', '+14151111234'],
    ['businessId', 'a'],
    ['businessId', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['businessId', 'a'.repeat(128)],
    ['channelType', 'anything'],
    ['ifUnclear', 'hold'],
    ['ifUnclear', 'settle'],
    ['expiresAt', '2026-11-25T10:00:00Z'],
    ['expiresAt', '2026-11-25T12:00:00.000+02:00'],
    ['expiresAt', '2020-01-01T00:00:00Z'],
  ])('%s may be %j', (field, value) => {
    const problems = problemsOf({ ...text, [field]: value });

    expect(problems).toEqual([]);
  });

  it.each([
    ['to', '16044441111'],
    ['to', '+0123'],
    ['to', '+1'],
    ['to', `+${'9'.repeat(16)}`],
    ['to', '+1 555 555 5555'],
    ['to', '+15555555555\n'],
    ['to', 'bsuid:US.1349'],
    ['to', 'USA.1349'],
    ['to', 'US.'],
    ['to', `US.${'a'.repeat(129)}`],
    ['to', ''],
    ['text', ''],
    ['id', ''],
    ['id', 'x'.repeat(129)],
    ['id', 'é'],
    ['id', 'a\tb'],
    ['from', 'US.1349'],
    ['from', '4151111234'],
    ['businessId', ''],
    ['businessId', '..'],
    ['businessId', 'a/b'],
    ['businessId', '-a'],
    ['businessId', 'a'.repeat(129)],
    ['channelType', ''],
    ['ifUnclear', 'HOLD'],
    ['expiresAt', '2026-11-25T10:00:00.001Z'],
    ['expiresAt', '2026-11-23'],
    ['expiresAt', '2026-11-23T10:00:00'],
    ['expiresAt', '2026-02-30T10:00:00Z'],
    ['expiresAt', 'tomorrow'],
    ['expiresAt', 1_700_000_000],
  ])('%s must not be %j, and the problem does not repeat it', (field, value) => {
    const problems = problemsOf({ ...text, [field]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(`${field}: `)).toBe(true);
    if (String(value).length > 3) expect(problems[0]).not.toContain(JSON.stringify(value).slice(1, -1));
  });

  it.each([
    [{ ...template, templateName: '' }, 'templateName: must not be empty'],
    [{ ...template, language: '' }, 'language: must not be empty'],
    [{ ...template, channelType: '' }, 'channelType: must not be empty'],
    [
      { ...text, expiresAt: '2026-11-25T10:00:00.001Z' },
      'expiresAt: lies more than 3 days after the message was queued: choose an earlier time',
    ],
    [{ ...template, campaignName: '' }, 'campaignName: must not be empty'],
    [{ ...template, parameters: {} }, 'parameters: must be an array, not an object'],
    [{ ...template, parameters: [null] }, 'parameters[0]: must be an object, not null'],
    [{ ...template, parameters: [{ name: '', value: 'x' }] }, 'parameters[0].name: must not be empty'],
    [
      { ...template, parameters: [{ name: 'a', value: 1 }] },
      'parameters[0].value: must be a string, not a number',
    ],
    [{ ...template, parameters: [{ name: 'a' }] }, 'parameters[0].value: is required: a string'],
    [
      { ...template, channelType: 'sms' },
      'channelType: must be "whatsapp" or absent: templates exist on WhatsApp only',
    ],
    [{ ...text, text: ['a'] }, 'text: must be a string, not an array'],
    [{ ...text, text: true }, 'text: must be a string, not a boolean'],
    [{ type: 'text', to: '+15555555555' }, 'text: is required: a string'],
    [{ type: 'session', to: '+15555555555' }, 'message: is required: an object'],
    [{ type: 'session', to: '+15555555555', message: 'hi' }, 'message: must be an object, not a string'],
    [{ ...text, ifUnclear: 'x' }, 'ifUnclear: must be "hold" or "settle" or "resend"'],
  ])('of the wrong kind is explained: %j', (message, problem) => {
    const problems = problemsOf(message);

    expect(problems).toEqual([problem]);
  });

  it.each([
    ['txt', 'text', 'txt: is not a field here, did you mean "text"?'],
    ['buisnessId', 'text', 'buisnessId: is not a field here, did you mean "businessId"?'],
    ['CALLBACKDATA', 'text', 'CALLBACKDATA: is not a field here, did you mean "callbackData"?'],
    ['parameter', 'template', 'parameter: is not a field here, did you mean "parameters"?'],
    ['parameters', 'text', 'parameters: is not a field here: remove it'],
    ['mesage', 'session', 'mesage: is not a field here, did you mean "message"?'],
    ['__proto__', 'text', '__proto__: is not a field here: remove it'],
    ['constructor', 'text', 'constructor: is not a field here: remove it'],
    ['recipient', 'text', 'recipient: is not a field here: remove it'],
    ['address12345', 'text', 'address12345: is not a field here: remove it'],
    ['+15551234567', 'text', '(unnamed): is not a field here: remove it'],
    ['number_15551234567', 'text', '(unnamed): is not a field here: remove it'],
    ['Dear Ana, your order', 'text', '(unnamed): is not a field here: remove it'],
    ['x'.repeat(65), 'text', '(unnamed): is not a field here: remove it'],
  ])('named %s is unknown in a message of type %s', (field, type, problem) => {
    const known = { text, template, session: { type, to: '+15555555555', message: { text: 'hi' } } };
    const message = Object.entries(known).find(([key]) => key === type)?.[1];
    const body = JSON.stringify(message).replace('{', `{${JSON.stringify(field)}:1,`);

    const problems = problemsOf(body);

    expect(problems).toEqual([problem]);
  });

  it('of a parameter is unknown with a suggestion, too', () => {
    const problems = problemsOf({
      ...template,
      parameters: [{ name: 'a', value: 'b', fileName: 'c', nane: 1, valeu: 1, extra: 1 }],
    });

    expect(problems).toEqual([
      'parameters[0].fileName: is not a field here, did you mean "filename"?',
      'parameters[0].nane: is not a field here, did you mean "name"?',
      'parameters[0].valeu: is not a field here, did you mean "value"?',
      'parameters[0].extra: is not a field here: remove it',
    ]);
  });
});

describe('callbackData', () => {
  /** What surrounds the string's own characters in `{"relay":{"v":1},"data":"..."}`. */
  const around = '{"relay":{"v":1},"data":""}'.length;

  it('may take 1,024 bytes in our wrapper, and not one more', () => {
    const problems = [1024, 1025].map((bytes) =>
      problemsOf({ ...text, callbackData: 'x'.repeat(bytes - around) }),
    );

    expect(problems).toEqual([
      [],
      [
        'callbackData: is over 1024 bytes of compact JSON together with the id that travels with it: shorten it',
      ],
    ]);
  });

  it('is measured in bytes and together with the id', () => {
    const callbackData = 'é'.repeat((1024 - around) >> 1);

    const problems = [{}, { id: 'order-42' }].map((id) => problemsOf({ ...text, ...id, callbackData }));

    expect(problems.map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe('the parameters of a template', () => {
  it.each([
    [1_000, []],
    [1_001, ['parameters: must hold at most 1000 parameters']],
  ])('have a maximum: %i', (count, expected) => {
    const parameters = Array.from({ length: count }, (_, index) => ({ name: `body_${index}`, value: 'a' }));
    const body = JSON.stringify({ type: 'template', to: '+15555555555', templateName: 'x', parameters });

    const result = parseMessage(body, { queuedAt: 0 });

    const problems = result.ok ? [] : result.problems;
    expect(problems.map((problem) => `${problem.path}: ${problem.text}`)).toEqual(expected);
  });
});

describe('problems', () => {
  it('are told all at once, each with its place', () => {
    const problems = problemsOf({
      type: 'template',
      to: '15555555555',
      templatName: 'order_ready',
      channelType: 'sms',
      ifUnclear: 'retry',
      expiresAt: '2027-01-01T00:00:00Z',
      parameters: [
        { name: 'a', value: 'b' },
        { nam: 'a', value: 1 },
      ],
      callbackData: 'x'.repeat(2000),
    });

    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([
      'to',
      'ifUnclear',
      'templateName',
      'parameters[1].name',
      'parameters[1].value',
      'parameters[1].nam',
      'templatName',
      'channelType',
      'callbackData',
      'expiresAt',
    ]);
  });

  it('of one field are told once', () => {
    const problems = problemsOf({ ...template, channelType: 7, expiresAt: '2030' });

    expect(problems).toEqual([
      'channelType: must be a string, not a number',
      'expiresAt: must be an ISO time with its zone, like 2026-11-22T18:00:00Z',
    ]);
  });

  it('are all told when there are twenty of them', () => {
    const parameters = Array.from({ length: 6 }, () => ({ nam: 'a' }));

    const problems = problemsOf({ ...template, parameters, extra: 1, more: 1 });

    expect(problems).toHaveLength(20);
    expect(problems.filter((problem) => problem.startsWith(':'))).toEqual([]);
  });

  it('are counted from the twenty-first on', () => {
    const parameters = Array.from({ length: 12 }, () => ({ nam: 'a' }));

    const problems = problemsOf({ ...template, parameters });

    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe(': has 16 more problems');
  });

  it('read as one line', () => {
    const parsed = parse({ type: 'text', to: '1', txt: 'a' });

    const line = parsed.ok ? '' : summarize([...parsed.problems, { path: '', text: 'has 2 more problems' }]);

    expect(line).toBe(
      'to: must be a phone number in E.164 form, like +15555555555, or a business-scoped user id, like US.1349 without "bsuid:"; ' +
        'text: is required: a string; txt: is not a field here, did you mean "text"?; the message has 2 more problems',
    );
  });

  it('never hold a value of the message, whatever is wrong with it', () => {
    const canary = 'canary-value';
    const field = fc.constantFrom(
      'to',
      'text',
      'id',
      'from',
      'businessId',
      'channelType',
      'ifUnclear',
      'expiresAt',
      'templateName',
      'language',
      'parameters',
      'campaignName',
      'callbackData',
      'message',
      'unknown',
      'type',
    );
    const leaf = fc.constantFrom<unknown>(
      canary,
      [canary],
      { name: canary },
      [{ name: canary, value: [canary], x: canary }],
      { text: [canary], location: canary, attachments: [{ type: canary, url: canary }] },
    );
    const type = fc.constantFrom('text', 'template', 'session', canary);

    fc.assert(
      fc.property(type, fc.dictionary(field, leaf), (kind, fields) => {
        const problems = problemsOf({ type: kind, ...fields });

        expect(problems.join('\n')).not.toContain(canary);
      }),
    );
  });

  it('come back for anything at all, without a throw and without a mark on the prototype', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (body) => {
        const parsed = parseText(body);

        expect(parsed.ok).toBe(false);
      }),
    );

    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
