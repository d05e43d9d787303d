import { describe, expect, it } from 'vitest';
import { givenOptionsSchema, nextCommands, withRemembered } from '../../../../cli/bulk/options.ts';
import { type Preflight, type PreflightOptions, preflight } from '../../../../cli/bulk/preflight.ts';
import { readBulkInput } from '../../../../cli/bulk/read-input.ts';
import { describedProgram } from '../../../../cli/program.ts';

interface Checked extends Preflight {
  readonly messages: Record<string, unknown>[];
  readonly problems: string[];
}

const { signal } = new AbortController();

const unsuspecting = { queuedBefore: new Set<number>(), suspicionAbout: () => undefined };

/** Checks an input; problems as "line: path: text". */
async function check(
  text: string,
  defaults: Record<string, unknown> = {},
  options: Partial<PreflightOptions> = {},
): Promise<Checked> {
  const input = readBulkInput(Buffer.from(text), { ignored: ['note'], signal });
  const now = Date.UTC(2026, 10, 22);
  const checked = await preflight(input, { ...unsuspecting, defaults, now, ...options });
  return {
    ...checked,
    messages: checked.ready.map(({ body }) => JSON.parse(body)),
    problems: checked.invalid.flatMap(({ row, problems }) =>
      problems.map((problem) => `${row.line}: ${problem.path}: ${problem.text}`),
    ),
  };
}

describe('A CSV', async () => {
  it('becomes queue messages: its columns are their fields, and those of templates need no prefix', async () => {
    const { messages } = await check(
      '\uFEFFto,templateName,body_1,parameters.var1,parameters.var1.filename,callbackData,id,note\r\n' +
        '+15555555555,ready,"Ana, ""the"" one",x,f.pdf,"{""a"":1}",o1,ignored\r\n',
    );

    expect(messages).toEqual([
      {
        type: 'template',
        to: '+15555555555',
        templateName: 'ready',
        parameters: [
          { name: 'body_1', value: 'Ana, "the" one' },
          { name: 'var1', value: 'x', filename: 'f.pdf' },
        ],
        callbackData: { a: 1 },
        id: 'o1',
      },
    ]);
  });

  it('takes what it does not say from the options, and its own first', async () => {
    const { messages } = await check('to,language,body_1\n+15555555555,,a\n+15555555556,es,b\n', {
      templateName: 'ready',
      language: 'en',
    });

    expect(messages).toMatchObject([
      { templateName: 'ready', language: 'en' },
      { templateName: 'ready', language: 'es' },
    ]);
  });

  it('may be separated by semicolons, and counts lines where rows begin', async () => {
    const { messages, problems } = await check('to;text\n+15555555555;"two\nlines"\n\n555;x\n');

    expect(messages).toMatchObject([{ text: 'two\nlines' }]);
    expect(problems).toEqual([expect.stringMatching(/^5: to: must be a phone number/)]);
  });

  it.each([
    ['an empty parameter', 'to,templateName,body_1\n+15555555555,t,\n', '2: parameters.body_1: is empty'],
    ['a cell too many', 'to,text\n+15555555555,a,b\n', '2: : has 3 cells instead of 2'],
    ['a cell too few', 'to,text\n+15555555555\n', '2: : has 1 cell instead of 2'],
    ['callback data that is no JSON', 'to,text,callbackData\n+15555555555,a,{\n', '2: callbackData: is not'],
  ])('has the row with %s refused', async (_, text, expected) => {
    const { problems, messages } = await check(text);

    expect(messages).toEqual([]);
    expect(problems.join()).toContain(expected);
  });

  it.each([
    [
      'an unknown column',
      'to,txt\n',
      /^(?!.*txt).*column 2 has no name that is known here, did you mean "text"\?/,
    ],
    ['no recipient', 'text\nx\n', /"to" is missing/],
    [
      'thousands of unknown columns',
      `to,${Array.from({ length: 5000 }, (_, index) => `Ana ${index}`).join()}\n`,
      /^(?!.*Ana).{0,900}and 4990 more/,
    ],
    ['a column twice', 'to,to\n', /name of another one/],
    [
      'no header, without showing the data',
      '+15555555555,hello\n',
      /^(?!.*(5555|hello)).*first line must be a header.*column 1 has no name/,
    ],
    ['a file name without its parameter', 'to,parameters.x.filename\n', /no column for its parameter/],
    ['a quote out of place', 'to,text\n+1,"x"y\n', /near line 2/],
    ['nothing but a header', 'to,text\n', /no row/],
    ['nothing', '', /no row/],
  ])('is refused as a whole with %s', async (_, text, expected) => {
    await expect(check(text)).rejects.toThrow(expected);
  });

  it('is read whole where its lines end in different ways', async () => {
    const rows = Array.from(
      { length: 1_000 },
      (_, index) => `+1555555${String(index).padStart(4, '0')},hello`,
    );
    const text = `to,text\r\n${rows.map((row, index) => row + (index < 50 ? '\r\n' : '\n')).join('')}`;

    const { messages, problems } = await check(text);

    expect(problems).toEqual([]);
    expect(messages).toHaveLength(1_000);
    expect(messages.every((message) => message['text'] === 'hello')).toBe(true);
  });

  it('says nothing that came with the end of a line', async () => {
    const { messages, warnings } = await check('to,text\n+15555555555,Hello\r\n+15555555556,"Ho"\r\n');

    expect(messages).toMatchObject([{ text: 'Hello' }, { text: 'Ho' }]);
    expect(warnings).toEqual([]);
  });
});

describe('NDJSON', async () => {
  it('is one queue message on each line', async () => {
    const message = { type: 'text', to: '+15555555555', text: 'a', id: 'x' };

    const { messages } = await check(`${JSON.stringify(message)}\r\n\n`);

    expect(messages).toEqual([message]);
  });

  it.each([
    ['no JSON', '{"to"', 'is not valid JSON'],
    [
      'a number that would be altered',
      '{"callbackData":{"n":12345678901234567890}}',
      '1: callbackData: holds a',
    ],
    ['another one', '{"message":[1e999]}', '1: message: holds a number that would be altered'],
    ['one where none belongs', '{"text":12345678901234567890}', '1: text: must be a string, not a number'],
    ['no object', '{}\n[]', 'must be a JSON object'],
    ['too deep', `{"callbackData":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'levels deep'],
  ])('has a line with %s refused', async (_, text, expected) => {
    const { problems } = await check(text);

    expect(problems.join()).toContain(expected);
  });
});

/** A line of NDJSON. */
const line = (fields: object) => `${JSON.stringify({ to: '+15555555555', text: 'a', ...fields })}\n`;

/** One that fills a place of a template, for a customer of its own. */
const templateLine = (name: string, index: number) =>
  line({
    type: 'template',
    to: `+1555555555${index}`,
    text: undefined,
    templateName: 't',
    parameters: [{ name, value: 'x' }],
  });

describe('The rows against each other', async () => {
  it('may not have one id twice, for one business', async () => {
    const { problems, messages } = await check(
      line({ id: 'x' }) + line({ id: 'x', text: 'b' }) + line({ id: 'x', businessId: 'other', text: 'c' }),
    );

    expect(problems).toEqual(['2: id: is that of line 1, too']);
    expect(messages).toHaveLength(2);
  });

  it('may not be the same without ids; with ids that is a warning', async () => {
    const without = await check(line({}) + line({}));
    const withIds = await check(line({ id: 'a' }) + line({ id: 'b' }));

    expect(without.problems).toEqual([expect.stringContaining('2: : says the same')]);
    expect(withIds.problems).toEqual([]);
    expect(withIds.warnings).toMatchObject([{ line: 2 }]);
  });

  it('fill the same places of a template', async () => {
    const { problems } = await check(['body_1', 'bdy_1', 'body_1'].map(templateLine).join(''));

    expect(problems).toEqual(['2: parameters.body_1: is missing, and other rows of this template have it']);
  });

  it('are warned about when a number looks mistyped, without showing it', async () => {
    const { warnings, ready } = await check(line({}), {}, { suspicionAbout: () => 'the length is wrong' });

    expect(ready).toHaveLength(1);
    expect(warnings).toEqual([{ line: 1, text: '+1555•••5555 looks mistyped: the length is wrong' }]);
  });
});

describe('A control character that a customer would get', () => {
  it.each([
    [
      'a text',
      'to,text\n+15555555555,"a\r\nb"\n',
      'text holds the control character U+000D, which nobody sees here',
    ],
    [
      'a parameter',
      'to,templateName,language,body_1\n+15555555555,t,en,\u0093a\u0094\n',
      'parameters[0].value holds the control character U+0093, which nobody sees here',
    ],
  ])('is warned about in %s', async (_, text, expected) => {
    const { warnings, ready } = await check(text);

    expect(ready).toHaveLength(1);
    expect(warnings).toEqual([{ line: 2, text: expected }]);
  });

  it('is none where nobody gets it, or where it is a tab or the end of a line', async () => {
    const { warnings } = await check('to,text,callbackData\n+15555555555,"a\tb\nc","""\u0093"""\n');

    expect(warnings).toEqual([]);
  });
});

describe('A row without an id', () => {
  const text = 'to,text\n+15555555555,a\n+15555555556,b\n';

  it('has always the same one, which no other row has', async () => {
    const [one, other] = [await check(text), await check(text)].map(({ messages }) =>
      messages.map(({ id }) => id),
    );

    expect(one).toEqual(other);
    expect(new Set(one).size).toBe(2);
    expect(one?.[0]).toMatch(/^bulk-[0-9a-f]{32}$/);
  });

  const template = { templateName: 'ready', campaignName: 'spring' };
  const list = 'to,body_1\n+15555555555,a\n';

  it.each<[string, string, object]>([
    ['in another file', `${list}+15555555557,c\n`, template],
    ['with another sender', list, { ...template, from: '+15550000001' }],
    ['for another campaign', list, { ...template, campaignName: 'autumn' }],
  ])('has another one %s', async (_, otherText, defaults) => {
    const one = await check(list, template);
    const other = await check(otherText, { ...defaults });

    expect(other.ready[0]?.id).toMatch(/^bulk-/);
    expect(one.ready[0]?.id).not.toBe(other.ready[0]?.id);
  });

  it('keeps it when it expires at another time, which each run counts from its own beginning', async () => {
    const one = await check(text, { expiresAt: '2026-11-22T09:00:00Z' });
    const other = await check(text, { expiresAt: '2026-11-22T10:00:00Z', ifUnclear: 'resend' });

    expect(one.ready.map(({ id }) => id)).toEqual(other.ready.map(({ id }) => id));
  });

  it('has that of the row that it repeats, so that it is sent once even when somebody queues it', async () => {
    const { ready, invalid } = await check(line({}) + line({}));

    expect(invalid[0]?.id).toBe(ready[0]?.id);
  });
});

describe('An expiry', () => {
  const text =
    line({ expiresAt: '2026-11-21T23:59:59Z' }) + line({ text: 'b', expiresAt: '2026-11-22T00:00:01Z' });

  it('that has passed is a problem', async () => {
    const { problems, ready } = await check(text);

    expect(problems).toEqual(['1: expiresAt: has passed: choose a later time']);
    expect(ready).toHaveLength(1);
  });

  it('is none for a row that an earlier run has queued, and changes nothing of what is sent', async () => {
    const first = await check(text);
    const rest = await check(text, {}, { queuedBefore: new Set([1]) });

    expect(rest.problems).toEqual([]);
    expect(rest.digest).toBe(first.digest);
  });
});

describe('An interruption', () => {
  it.each([
    ['a CSV', `to,text\n${'+15555555555,a\n'.repeat(20_000)}`],
    ['NDJSON', line({}).repeat(20_000)],
  ])('ends the check of %s in its middle', async (_, text) => {
    const controller = new AbortController();
    const input = readBulkInput(Buffer.from(text), { ignored: [], signal: controller.signal });
    let seen = 0;

    const checking = preflight(input, {
      defaults: {},
      now: 0,
      queuedBefore: new Set(),
      suspicionAbout() {
        seen += 1;
        // As a signal comes: in a turn of the event loop of its own.
        if (seen === 1) setImmediate(() => controller.abort(new Error('interrupted')));
        return undefined;
      },
    });

    await expect(checking).rejects.toThrow('interrupted');
    expect(seen).toBeLessThan(15_000);
  });
});

describe('The digest of what would be sent', () => {
  it('changes with the options, but not with the expiry', async () => {
    const text = 'to,body_1\n+15555555555,a\n';

    const plain = await check(text, { templateName: 't' });
    const later = await check(text, { templateName: 't', expiresAt: '2026-11-22T09:00:00Z' });
    const other = await check(text, { templateName: 't', from: '+15550000001' });

    expect(plain.digest).toBe(later.digest);
    expect(plain.digest).not.toBe(other.digest);
  });
});

describe('What to type next', () => {
  const options = { template: "it's", skipInvalid: true, rate: 20, ignore: ['a b', 'c'], resume: true };
  const elsewhere = { place: '--local', otherLedger: 'a.csv.2.ledger' };

  it('to go on is short, as the ledger knows the rest, and quoted for a shell', () => {
    const given = { ...options, ledger: 'x' };

    const { goOn } = nextCommands({ file: 'my file.csv', options: given, ...elsewhere });

    expect(goOn).toBe("npx relay bulk 'my file.csv' --resume --ledger x --local");
  });

  it('to queue something else has the same options, and a ledger of its own', () => {
    const { beginAnother } = nextCommands({ file: 'a.csv', options, ...elsewhere });

    expect(beginAnother).toBe(
      String.raw`npx relay bulk a.csv --template 'it'\''s' --skip-invalid --rate 20 --ignore 'a b' --ignore c --ledger a.csv.2.ledger --local`,
    );
  });

  it('reads stdin again, and a file of failed rows as an input of its own', () => {
    const given = { ...options, ledger: 'l' };

    const { goOn } = nextCommands({ file: '-', options: {}, ...elsewhere });
    const { mended } = nextCommands({ file: '-', options: given, ...elsewhere });

    expect(goOn).toBe('npx relay bulk - --resume --local < THE_SAME_INPUT');
    expect(mended('a.failed.csv')).toBe(
      String.raw`npx relay bulk a.failed.csv --template 'it'\''s' --rate 20 --ignore 'a b' --ignore c --local`,
    );
  });

  it('is in options that the ledger keeps, but for those of one run', async () => {
    const program = await describedProgram();
    const command = program.commands.find((each) => each.name() === 'bulk');
    const given = command?.options.map((option) => option.attributeName()) ?? [];

    const lost = given
      .filter((name) => !['resume', 'dryRun', 'ledger'].includes(name))
      .filter((name) => !Object.hasOwn(givenOptionsSchema.shape, name))
      .map((name) => `cli/bulk/options.ts, givenOptionsSchema, lacks "${name}": --resume could not read it`);

    expect(given).toContain('channelType');
    expect(lost).toEqual([]);
  });

  it('takes from the ledger what is not given, and of two expiries the newer one', () => {
    const remembered = { template: 't', rate: 20, expiresIn: '4h' };

    expect(withRemembered({ rate: 5 }, remembered)).toEqual({ template: 't', rate: 5, expiresIn: '4h' });
    expect(withRemembered({ expiresAt: 'x' }, remembered)).toEqual({
      template: 't',
      rate: 20,
      expiresAt: 'x',
    });
  });
});
