import { describe, expect, it } from 'vitest';
import { filesBeside } from '../../../../cli/bulk/files.ts';
import { failedRowsCommand, resumeCommand } from '../../../../cli/bulk/next-command.ts';
import { type Preflight, preflight } from '../../../../cli/bulk/preflight.ts';
import { readBulkInput } from '../../../../cli/bulk/read-input.ts';

interface Checked extends Preflight {
  readonly messages: Record<string, unknown>[];
  readonly problems: string[];
}

/** Checks an input; problems as "line: path: text". */
function check(
  text: string,
  defaults: Record<string, unknown> = {},
  suspicionAbout: (recipient: string) => string | undefined = () => undefined,
): Checked {
  const input = readBulkInput(Buffer.from(text), { ignored: ['note'] });
  const checked = preflight(input, { defaults, now: Date.UTC(2026, 10, 22), suspicionAbout });
  return {
    ...checked,
    messages: checked.ready.map(({ body }) => JSON.parse(body)),
    problems: checked.invalid.flatMap(({ row, problems }) =>
      problems.map((problem) => `${row.line}: ${problem.path}: ${problem.text}`),
    ),
  };
}

describe('A CSV', () => {
  it('becomes queue messages: its columns are their fields, and those of templates need no prefix', () => {
    const { messages } = check(
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

  it('takes what it does not say from the options, and its own first', () => {
    const { messages } = check('to,language,body_1\n+15555555555,,a\n+15555555556,es,b\n', {
      templateName: 'ready',
      language: 'en',
    });

    expect(messages).toMatchObject([
      { templateName: 'ready', language: 'en' },
      { templateName: 'ready', language: 'es' },
    ]);
  });

  it('may be separated by semicolons, and counts lines where rows begin', () => {
    const { messages, problems } = check('to;text\n+15555555555;"two\nlines"\n\n555;x\n');

    expect(messages).toMatchObject([{ text: 'two\nlines' }]);
    expect(problems).toEqual([expect.stringMatching(/^5: to: must be a phone number/)]);
  });

  it.each([
    ['an empty parameter', 'to,templateName,body_1\n+15555555555,t,\n', '2: parameters.body_1: is empty'],
    ['a cell too many', 'to,text\n+15555555555,a,b\n', '2: : has 3 cells instead of 2'],
    ['a cell too few', 'to,text\n+15555555555\n', '2: : has 1 cells instead of 2'],
    ['callback data that is no JSON', 'to,text,callbackData\n+15555555555,a,{\n', '2: callbackData: is not'],
  ])('has the row with %s refused', (_, text, expected) => {
    const { problems, messages } = check(text);

    expect(messages).toEqual([]);
    expect(problems.join()).toContain(expected);
  });

  it.each([
    ['an unknown column', 'to,txt\n', /"txt" is no column here, did you mean "text"/],
    ['no recipient', 'text\nx\n', /"to" is missing/],
    ['a column twice', 'to,to\n', /name of another one/],
    ['no header, without showing the data', '+15555555555,hello\n', /^(?!.*5555).*column 1 has no name/],
    ['a file name without its parameter', 'to,parameters.x.filename\n', /no column for its parameter/],
    ['a quote out of place', 'to,text\n+1,"x"y\n', /near line 2/],
    ['nothing but a header', 'to,text\n', /no row/],
    ['nothing', '', /no row/],
  ])('is refused as a whole with %s', (_, text, expected) => {
    expect(() => check(text)).toThrow(expected);
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => readBulkInput(Buffer.from([0x74, 0xff]), { ignored: [] })).toThrow('UTF-8');
  });
});

describe('NDJSON', () => {
  it('is one queue message on each line', () => {
    const message = { type: 'text', to: '+15555555555', text: 'a', id: 'x' };

    const { messages } = check(`${JSON.stringify(message)}\r\n\n`);

    expect(messages).toEqual([message]);
  });

  it.each([
    ['no JSON', '{"to"', 'is not valid JSON'],
    ['a number that would be altered', '{"callbackData":12345678901234567890}', 'would be altered'],
    ['no object', '{}\n[]', 'must be a JSON object'],
    ['too deep', `{"callbackData":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'levels deep'],
  ])('has a line with %s refused', (_, text, expected) => {
    expect(check(text).problems.join()).toContain(expected);
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

describe('The rows against each other', () => {
  it('may not have one id twice, for one business', () => {
    const { problems, messages } = check(
      line({ id: 'x' }) + line({ id: 'x', text: 'b' }) + line({ id: 'x', businessId: 'other', text: 'c' }),
    );

    expect(problems).toEqual(['2: id: is that of line 1, too']);
    expect(messages).toHaveLength(2);
  });

  it('may not be the same without ids; with ids that is a warning', () => {
    const without = check(line({}) + line({}));
    const withIds = check(line({ id: 'a' }) + line({ id: 'b' }));

    expect(without.problems).toEqual([expect.stringContaining('2: : says the same')]);
    expect(withIds.problems).toEqual([]);
    expect(withIds.warnings).toMatchObject([{ line: 2 }]);
  });

  it('fill the same places of a template', () => {
    const { problems } = check(['body_1', 'bdy_1', 'body_1'].map(templateLine).join(''));

    expect(problems).toEqual(['2: parameters.body_1: is missing, and other rows of this template have it']);
  });

  it('are warned about when a number looks mistyped, without showing it', () => {
    const { warnings, ready } = check(line({}), {}, () => 'the length is wrong');

    expect(ready).toHaveLength(1);
    expect(warnings).toEqual([{ line: 1, text: '+1555•••5555 looks mistyped: the length is wrong' }]);
  });
});

describe('A row without an id', () => {
  const text = 'to,text\n+15555555555,a\n+15555555556,b\n';

  it('has always the same one, which no other row has', () => {
    const ids = [check(text), check(text)].map(({ messages }) => messages.map(({ id }) => id));

    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(2);
    expect(ids[0]?.[0]).toMatch(/^bulk-[0-9a-f]{32}$/);
  });

  it('has another one in another file', () => {
    const [one, other] = [check(text), check(`${text}+15555555557,c\n`)].map(
      ({ messages }) => messages[0]?.['id'],
    );

    expect(one).not.toBe(other);
  });
});

describe('The digest of what would be sent', () => {
  it('changes with the options, but not with the expiry, which each run counts from its own beginning', () => {
    const text = 'to,body_1\n+15555555555,a\n';

    const [plain, later, other] = [{}, { expiresAt: '2026-11-22T09:00:00Z' }, { from: '+15550000001' }].map(
      (more) => check(text, { templateName: 't', ...more }).digest,
    );

    expect(plain).toBe(later);
    expect(plain).not.toBe(other);
  });
});

describe('What to type next', () => {
  it('has the same options, quoted for a shell', () => {
    const options = { template: "it's", skipInvalid: true, rate: 20, ignore: ['a b', 'c'], resume: true };

    const command = resumeCommand('my file.csv', options, '--local');

    expect(command).toBe(
      String.raw`relay bulk 'my file.csv' --resume --template 'it'\''s' --skip-invalid --rate 20 --ignore 'a b' --ignore c --local`,
    );
  });

  it('reads stdin again, and a file of failed rows as an input of its own', () => {
    expect(resumeCommand('-', {}, '--local')).toBe('relay bulk - --resume --local < THE_SAME_INPUT');
    expect(
      failedRowsCommand('a.failed.csv', { skipInvalid: true, ledger: 'l', template: 't' }, '--local'),
    ).toBe('relay bulk a.failed.csv --template t --local');
  });

  it('finds its files beside the input, or by its content', () => {
    const input = readBulkInput(Buffer.from('to,text\n1,2\n'), { ignored: [] });

    expect(filesBeside('/a/customers.csv', input)).toEqual({
      ledger: '/a/customers.csv.ledger',
      failed: '/a/customers.failed.csv',
    });
    expect(filesBeside('-', input).ledger).toMatch(/^bulk-[0-9a-f]{12}\.csv\.ledger$/);
  });
});
