import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkFiles,
  failedBeside,
  fileNamed,
  ledgerBeside,
  type NamedFile,
  removeFailedFiles,
  sourceOf,
  writeFailedFile,
} from '../../../../cli/bulk/files.ts';
import { readBulkInput } from '../../../../cli/bulk/read-input.ts';
import type { ReadRow } from '../../../../cli/bulk/rows.ts';

let folder: string;
let path: string;
let file: NamedFile;

/** A file of the folder, by the name that a person would type there. */
const named = (name: string) => fileNamed(name, folder);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-failed-'));
  path = join(folder, 'a.failed.csv');
  file = named('a.failed.csv');
});

afterEach(() => rm(folder, { recursive: true }));

const inputOf = (text: string, ignored: string[] = []) =>
  readBulkInput(Buffer.from(text), { ignored, signal: new AbortController().signal });

async function rowsOf(text: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of inputOf(text).rows()) rows.push(row);
  return rows;
}

/** The text for all rows of an input, each with the same error. */
async function failed(text: string, ignored: string[] = []): Promise<string> {
  const input = inputOf(text, ignored);
  const rows = [];
  for await (const { row } of input.rows())
    rows.push({ row, id: `id-${row.number}`, error: 'is "wrong", so' });
  return input.withErrors(rows);
}

/** What a row says besides its id, and how many problems it has. */
const withoutId = ({ fields: { id: _id, ...fields }, problems }: ReadRow) => [fields, problems.length];

const told = '"is ""wrong"", so"';

const refused = (option: string) => ({
  status: 'rejected',
  reason: {
    code: 'usage',
    message: expect.stringContaining(
      `is a link, and links are not followed. Nothing was queued. Name another file: ${option} FILE`,
    ),
  },
});

describe('Rows that were not queued', () => {
  it.each([
    ['a CSV', 'to,text\n1,"a\n""b"""\n', `to,text,id,error\n1,"a\n""b""",id-1,${told}\n`],
    [
      'a CSV with semicolons',
      'to;text\r\n1;a,b\r\n',
      'to;text;id;error\r\n1;a,b;id-1;"is ""wrong"", so"\r\n',
    ],
    ['a CSV with a byte order mark', '\uFEFFto\n1\n', `\uFEFFto,id,error\n1,id-1,${told}\n`],
    ['NDJSON with both', '\uFEFF{"n":1}\r\n', '\uFEFF{"n":1,"id":"id-1","error":"is \\"wrong\\", so"}\r\n'],
    ['one with ids', 'id,to\nx,1\n,2\n', `id,to,error\nx,1,${told}\nid-2,2,${told}\n`],
    ['one with errors of before', 'to,error,id\n1,old,x\n', `to,id,error\n1,x,${told}\n`],
    ['a row with a cell too few', 'to,text\n1\n', `to,text,id,error\n1,id-1,${told}\n`],
    ['one with errors of before', 'to,text,error\n1,a\n', `to,text,id,error\n1,a,id-1\n`],
    ['NDJSON', '{"n":1.0}\n{}\n', '{"n":1.0,"id":"id-1","error":"is \\"wrong\\", so"}\n{"id":"id-2",'],
    [
      'NDJSON with errors of before',
      '{"id":"x","error":"\\"a\\""}\n',
      '{"id":"x","error":"is \\"wrong\\", so"}\n',
    ],
    ['a line that is no JSON', '{"to":\n', '{"to":\n'],
  ])('keep their format, with an id and the error: %s', async (_, text, expected) => {
    expect(await failed(text)).toContain(expected);
  });

  it('leave a column alone that has the name of the id, and is ignored', async () => {
    expect(await failed('to,id\n1,\n', ['id'])).toBe(`to,id,error\n1,,${told}\n`);
  });

  it.each([
    'to,text\n1,"a\n""b"""\n2,c\n',
    'to,text\n1\n1,2,3\n',
    '\uFEFFto,text\r\n1,2\r\n',
    '{"text":"a"}\n{"id":"x"}\n',
  ])('say the same when they are read again, but for their ids: %j', async (text) => {
    const again = await rowsOf(await failed(text));

    expect(again.map(withoutId)).toEqual((await rowsOf(text)).map(withoutId));
    expect(again.every(({ fields }) => !('error' in fields))).toBe(true);
  });

  it('are the same wherever the slices of a long CSV end', async () => {
    const lines = Array.from({ length: 9000 }, (_, index) => `+1631${index},"ü\n${'é'.repeat(index % 7)}"`);

    const rows = await rowsOf(`to,text\n${lines.join('\n')}\n`);

    expect(rows.map(({ row }) => row.raw)).toEqual(lines);
    expect(rows.map(({ row }) => row.line)).toEqual(lines.map((_, index) => 2 + 2 * index));
    expect(rows.map(({ row }) => row.number)).toEqual(lines.map((_, index) => index + 1));
  });
});

describe('Their file', () => {
  it('takes the place of an earlier one, and is for its owner alone', async () => {
    const first = await writeFailedFile('one', { file, writtenBefore: new Set() });
    await chmod(path, 0o644);

    const second = await writeFailedFile('two', { file, writtenBefore: new Set([first.digest]) });

    expect(second.name).toBe('a.failed.csv');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.failed.csv']);
  });

  it('is never written over what somebody has changed', async () => {
    const first = await writeFailedFile('one', { file, writtenBefore: new Set() });
    await writeFile(path, 'mended');

    const second = await writeFailedFile('two', { file, writtenBefore: new Set([first.digest]) });
    const third = await writeFailedFile('three', { file, writtenBefore: new Set([second.digest]) });

    expect(await readFile(path, 'utf8')).toBe('mended');
    expect([second.name, third.name]).toEqual(Array(2).fill('a.failed.2.csv'));
    expect(await readFile(join(folder, 'a.failed.2.csv'), 'utf8')).toBe('three');
  });

  it('goes once its rows are queued, unless somebody has changed it', async () => {
    const { digest } = await writeFailedFile('one', { file, writtenBefore: new Set() });
    await writeFile(join(folder, 'a.failed.2.csv'), 'mended');

    await removeFailedFiles({ file, writtenBefore: new Set([digest]) });

    expect(await readdir(folder)).toEqual(['a.failed.2.csv']);
  });
});

describe('The files of an input', () => {
  const about = { digest: '0123456789abcdef', format: 'csv' } as const;

  it('lie beside it', () => {
    expect(ledgerBeside('/a/customers.csv', about.digest)).toBe('/a/customers.csv.ledger');
    expect(failedBeside('/a/customers.csv', about)).toBe('/a/customers.failed.csv');
  });

  it('have names by its content where it comes through a pipe', async () => {
    expect(await sourceOf(named('-'))).toBe('-');
    expect(await sourceOf(named('/dev/null'))).toBe('-');
    expect(ledgerBeside('-', about.digest)).toBe('bulk-0123456789ab.ledger');
    expect(failedBeside('-', about)).toBe('bulk-0123456789ab.failed.csv');
  });

  it('are refused where they cannot be written', async () => {
    const good = { source: named('a.csv'), ledger: named('a.ledger'), failed: file };

    await expect(checkFiles(good)).resolves.toBeUndefined();
    await expect(checkFiles({ ...good, ledger: named('.') })).rejects.toThrow('--ledger FILE');
    await expect(checkFiles({ ...good, failed: named('no/a') })).rejects.toThrow(/ENOENT.*--failed/);
    await expect(checkFiles({ ...good, failed: good.source })).rejects.toThrow('three different files');
  });

  it('are refused where a link is, even to nothing: the file may be of somebody else', async () => {
    const good = { source: named('a.csv'), ledger: named('a.ledger'), failed: file };
    await writeFile(join(folder, 'other'), '');
    await symlink(join(folder, 'other'), join(folder, 'to-a-file'));
    await symlink(join(folder, 'none'), join(folder, 'to-nothing'));

    const checks = ['to-a-file', 'to-nothing'].flatMap((name) => [
      checkFiles({ ...good, ledger: named(name) }),
      checkFiles({ ...good, failed: named(name) }),
    ]);
    const ended = await Promise.allSettled(checks);

    expect(ended).toMatchObject(['--ledger', '--failed', '--ledger', '--failed'].map(refused));
  });
});
