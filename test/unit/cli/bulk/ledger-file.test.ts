import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileNamed } from '../../../../cli/bulk/files.ts';
import { openLedger, readLedger } from '../../../../cli/bulk/ledger-file.ts';
import type { LedgerHeader } from '../../../../cli/bulk/ledger-format.ts';

describe('The ledger file', () => {
  const header: LedgerHeader = {
    v: 2,
    input: 'i',
    messages: 'm',
    queue: 'q',
    place: '--stage dev',
    options: { template: 't' },
  };
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relay-ledger-'));
    path = join(folder, 'x.ledger');
  });

  afterEach(() => rm(folder, { recursive: true }));

  const open = (resume: boolean, other: Partial<LedgerHeader> = {}) =>
    openLedger(fileNamed('x.ledger', folder), {
      header: { ...header, ...other },
      resume,
      type: { goOn: 'GO ON', beginAnother: 'ANOTHER' },
    });

  async function begun(...rows: number[]): Promise<void> {
    const ledger = await open(false);
    await Promise.all(rows.map((row) => ledger.record([[row, 'id']])));
    await ledger.close();
  }

  it.each([
    ['with nothing in it', ''],
    ['that is not there', undefined],
    ['of an earlier run', 'begun'],
  ])('is never written through a link, to a file %s', async (_, content) => {
    const other = join(folder, 'other');
    if (content === 'begun') {
      await begun(1);
      await rename(path, other);
    } else if (content !== undefined) await writeFile(other, content);
    const before = await readFile(other, 'utf8').catch(() => undefined);
    await symlink(other, path);

    const beginning = await open(false).catch((error: unknown) => error);
    const goingOn = await open(true).catch((error: unknown) => error);

    expect([beginning, goingOn]).toMatchObject([{ code: 'usage' }, { code: 'usage' }]);
    expect(await readFile(other, 'utf8').catch(() => undefined)).toBe(before);
    expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('knows every row that was recorded, also those recorded at once', async () => {
    await begun(1, 2, 3);

    const ledger = await open(true);
    await ledger.close();

    expect([...ledger.queuedBefore]).toEqual([1, 2, 3]);
  });

  it('leaves out a line that broke off, and goes on after the last whole one', async () => {
    await begun(1);
    await appendFile(path, '{"queued":[[2,"an-id"],[3,"of-a-batch"],[4,"that-is-longer-than-the-ne');

    const ledger = await open(true);
    await ledger.record([[3, 'id']]);
    await ledger.close();

    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect([...ledger.queuedBefore]).toEqual([1]);
    expect(lines.slice(1)).toEqual(['{"queued":[[1,"id"]]}', '{"queued":[[3,"id"]]}']);
  });

  it('is begun once', async () => {
    await begun(1);

    await expect(open(false)).rejects.toMatchObject({ code: 'begun-already', message: /GO ON/ });
  });

  it('needs something to go on with', async () => {
    await expect(open(true)).rejects.toMatchObject({ code: 'no-ledger' });
  });

  it.each([
    ['input', 'input-changed'],
    ['messages', 'options-changed'],
    ['queue', 'other-target'],
  ])('refuses to go on with another %s', async (field, code) => {
    await begun(1);

    await expect(open(true, { [field]: 'other' })).rejects.toMatchObject({ code });
  });

  it('says how to send something else to the same list', async () => {
    await begun(1);

    await expect(open(false, { messages: 'other' })).rejects.toMatchObject({
      code: 'options-changed',
      message: expect.stringMatching(/GO ON\)\. .*ANOTHER$/),
    });
  });

  it('tells another stage from a local stack that has ended', async () => {
    await begun(1);
    const elsewhere = open(true, { queue: 'other', place: '--local' });
    await expect(elsewhere).rejects.toThrow('is about another place: --stage dev');
    await rm(path);

    const local = { place: '--local' };
    await (await open(false, local)).close();

    await expect(open(true, { ...local, queue: 'other' })).rejects.toThrow('remove x.ledger to begin again');
  });

  it('knows the options of the first run, and the files of failed rows', async () => {
    const ledger = await open(false);
    await ledger.recordFailedFile('d');
    await ledger.close();

    expect(await readLedger(fileNamed('x.ledger', folder))).toMatchObject({
      header,
      failed: new Set(['d']),
      queued: new Set(),
    });
  });

  it.each(['', '{"v', '{"v":2,"input":"'])(
    'that broke off before it said anything is begun anew: %j',
    async (text) => {
      await writeFile(path, text);
      await expect(open(true)).rejects.toMatchObject({ code: 'no-ledger' });

      await begun(1);

      expect((await readLedger(fileNamed('x.ledger', folder)))?.queued).toEqual(new Set([1]));
    },
  );

  it('is with one process at a time', async () => {
    const first = await open(false);
    await expect(open(true)).rejects.toMatchObject({ code: 'ledger-in-use' });
    await first.close();

    const second = await open(true);

    await second.close();
    expect(await readdir(folder)).toEqual(['x.ledger']);
  });

  it('is free again when the process that had it is dead, for one of those who see that', async () => {
    await begun(1);
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(`${path}.lock`, JSON.stringify({ pid, host: hostname(), run: 'x' }));

    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => open(true)));

    const opened = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(opened).toHaveLength(1);
    await opened[0]?.close();
    expect(await readdir(folder)).toEqual(['x.ledger']);
  });

  it('is left alone when it may be with a process of another machine', async () => {
    await begun(1);
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere', run: 'x' }));

    await expect(open(true)).rejects.toThrow('remove x.ledger.lock');
  });

  it('refuses a file that is something else, and leaves it alone', async () => {
    await writeFile(path, 'to,text\n');

    await expect(open(true)).rejects.toMatchObject({ code: 'ledger-invalid' });
    expect(await readFile(path, 'utf8')).toBe('to,text\n');
  });
});
