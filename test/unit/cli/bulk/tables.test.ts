import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBulkInput } from '../../../../cli/bulk/read-input.ts';
import type { FailedRow, ReadRow } from '../../../../cli/bulk/rows.ts';

const { signal } = new AbortController();

const inputOf = (text: string) => readBulkInput(Buffer.from(text), { ignored: [], signal });

async function rowsOf(text: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of inputOf(text).rows()) rows.push(row);
  return rows;
}

const lineEnds = ['\r\n', '\n', '\r'] as const;

/** Whatever people type into a cell, and what could be taken for structure. */
const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(',', ';', '\t', '"', '\r', '\n', ' ', 'a', 'é', '🎉'), maxLength: 6 }),
);

/** A table, and a file that says it: every record may end in another way, with empty lines between. */
const tables = fc
  .record({
    rows: fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }),
    ends: fc.array(
      fc.tuple(fc.constantFrom(...lineEnds), fc.array(fc.constantFrom(...lineEnds), { maxLength: 2 })),
      { minLength: 22, maxLength: 22 },
    ),
    delimiter: fc.constantFrom(',', ';', '\t'),
    quoted: fc.boolean(),
    mark: fc.constantFrom('', '\uFEFF'),
    isEnded: fc.boolean(),
  })
  .map(({ rows, ends, delimiter, quoted, mark, isEnded }) => {
    // Somebody else writes the records, one by one.
    const recordOf = (cells: readonly string[]) =>
      stringify([[...cells]], { delimiter, quoted, quoted_match: /[\r\n]/, eof: false });
    const records = [['to', 'text', 'campaignName'], ...rows.map((row, index) => [`${index}`, ...row])];
    const parts = records.map((cells, index) => {
      const [end = '\n', empty = []] = ends[index] ?? [];
      return { raw: recordOf(cells), end: [end, ...empty].join('') };
    });
    const all = parts.map(({ raw, end }) => raw + end).join('');
    return { rows, parts, text: mark + (isEnded ? all : all.replace(/[\r\n]+$/, '')), mark };
  });

/** What an absent field stands for. */
const saidBy = ({ fields }: ReadRow) => [fields['text'] ?? '', fields['campaignName'] ?? ''];

describe('Any table, in any dialect of a spreadsheet', () => {
  it('is read as the same rows, each with the line that it begins on and its own bytes', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ rows, parts, text }) => {
        const read = await rowsOf(text);

        expect(read.map(saidBy)).toEqual(rows);
        expect(read.map(({ row }) => row.raw)).toEqual(parts.slice(1).map(({ raw }) => raw));
        const before = (count: number) => parts.slice(0, count).map(({ raw, end }) => raw + end);
        const lineOf = (count: number) =>
          before(count)
            .join('')
            .split(/\r\n|\n|\r/).length;
        expect(read.map(({ row }) => row.line)).toEqual(rows.map((_, index) => lineOf(index + 1)));
      }),
      { numRuns: 300 },
    );
  });

  it('loses none of them between those that are queued and those that come back, with their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        async ({ rows, text, mark }, isBad) => {
          const input = inputOf(text);
          const failed: FailedRow[] = [];
          for await (const { row } of input.rows())
            if (isBad[row.number - 1])
              failed.push({ row, id: `id-${row.number}`, error: 'is "so", or;\tso' });

          const back = input.withErrors(failed);

          const again = await rowsOf(back);
          expect(again.map(saidBy)).toEqual(rows.filter((_, index) => isBad[index]));
          expect(again.map(({ fields }) => fields['id'])).toEqual(failed.map(({ id }) => id));
          for (const { row } of failed) expect(back).toContain(row.raw);
          expect(back.startsWith(mark)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('Lines of JSON', () => {
  it('may end in any way, each in another', async () => {
    const read = await rowsOf('{"text":"a"}\r\n{"text":"b"}\n{"text":"c"}\r{"text":"d"}\r\r\n\n{"text":"e"}');

    expect(read.map(({ row, fields }) => [row.line, fields['text']])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
      [7, 'e'],
    ]);
  });
});

describe('A file in another encoding', () => {
  const text = 'to,text\n+15555555555,“quoted” 5 €\n';

  it.each([
    [
      'of Windows',
      Buffer.from('to,text\n1,\x93quoted\x94 \x80\n', 'latin1'),
      'iconv -f windows-1252 -t utf-8',
    ],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'iconv -f utf-16 -t utf-8'],
    [
      'UTF-16, the other way round',
      Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
      'iconv -f utf-16 -t utf-8',
    ],
    ['UTF-16 without its mark', Buffer.from(text, 'utf16le'), 'iconv -f utf-16le -t utf-8'],
    ['the same the other way round', Buffer.from(text, 'utf16le').swap16(), 'iconv -f utf-16be -t utf-8'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]), 'iconv -f utf-32 -t utf-8'],
    ['no encoding at all', Buffer.from('to,text\n1,\0\n'), 'there is a NUL in it'],
  ])('is refused with what mends it: %s', (_, bytes, remedy) => {
    const read = () => readBulkInput(bytes, { ignored: [], signal });

    expect(read).toThrow(remedy);
  });
});
