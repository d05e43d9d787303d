import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulk } from '../../../cli/commands/bulk.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { patienceMs } from '../../support/relay-command.ts';

const template = ['--template', 'order_ready', '--language', 'en'];
const escapeByte = '\u001b';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, 2 * patienceMs);

afterAll(() => journey.end());

/** Writes a file of its own for a test; resolves to its whole path. */
async function file(name: string, text: string): Promise<string> {
  await journey.project.write(name, text);
  return journey.project.path(name);
}

const resultOf = (stdout: string) => bulk.result.parse(JSON.parse(stdout));

describe('relay bulk', { timeout: patienceMs }, () => {
  it('queues nothing while a row is invalid, and names its line', async () => {
    const path = await file('bad.csv', 'to,body_1\n+16315550001,Ana\n16315550002,Eva\n');

    const words = await journey.relay('bulk', path, ...template);
    const json = await journey.relay('bulk', path, ...template, '--json');

    expect(words.exitCode).toBe(3);
    expect(words.stderr).toContain('line 3: to: must be a phone number');
    expect(words.stderr).toContain('--skip-invalid');
    expect(words.stdout + words.stderr).not.toContain('6315550');
    expect(words.stdout + words.stderr).not.toContain(escapeByte);
    expect(resultOf(json.stdout)).toMatchObject({ rows: 2, queued: 0, left: 1, invalid: [{ line: 3 }] });
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'rows-invalid' } });
  });

  it('queues the others when told to, and keeps the invalid rows in a file of the same format', async () => {
    const path = await file('some.csv', 'to,body_1\n+16315550011,Ana\n16315550012,Eva\n');

    const { exitCode, stdout, stderr } = await journey.relay(
      'bulk',
      path,
      ...template,
      '--skip-invalid',
      '--json',
    );

    expect(exitCode).toBe(6);
    expect(resultOf(stdout)).toMatchObject({
      queued: 1,
      failedFile: journey.project.path('some.failed.csv'),
    });
    expect(await journey.project.read('some.failed.csv')).toBe('to,body_1\n16315550012,Eva\n');
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'partly-queued', message: expect.stringContaining('some.failed.csv') },
    });
  });

  it('queues a file once, unless it is told to go on, and then nothing twice', async () => {
    const path = await file('once.ndjson', '{"to":"+15555555555","text":"once"}\n');

    const first = await journey.relay('bulk', path, '--json');
    const second = await journey.relay('bulk', path);
    const third = await journey.relay('bulk', path, '--resume', '--json');

    expect(first.exitCode).toBe(0);
    expect(resultOf(first.stdout)).toMatchObject({ queued: 1 });
    expect(second.exitCode).toBe(3);
    expect(second.stderr).toContain(`relay bulk ${path} --resume`);
    expect(resultOf(third.stdout)).toMatchObject({ queued: 0, queuedBefore: 1 });
  });

  it('refuses to go on with a file that has changed', async () => {
    const path = await file('changed.ndjson', '{"to":"+15555555555","text":"first"}\n');
    await journey.relay('bulk', path);
    await file('changed.ndjson', '{"to":"+15555555555","text":"second"}\n');

    const { exitCode, stdout, stderr } = await journey.relay('bulk', path, '--resume');

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('has changed');
  });

  it('checks stdin without a stack in a dry run', async () => {
    const { exitCode, stdout } = await journey.relayWith(
      { stdin: 'to,text\n+15555555555,hello!\n' },
      'bulk',
      '-',
      '--dry-run',
      '--json',
      '--stage',
      'nowhere',
    );

    expect(exitCode).toBe(0);
    expect(resultOf(stdout)).toMatchObject({ rows: 1, queued: 0, left: 1, warnings: [{ line: 2 }] });
  });

  it.each<[string, string[], number, string]>([
    ['a file that is not there', ['nowhere.csv'], 2, 'nowhere.csv'],
    ['a rate that is none', ['package.json', '--rate', '0'], 2, '--rate'],
    ['a format that is none', ['package.json', '--format', 'xlsx'], 2, '--format'],
    ['nothing to go on with', ['new.ndjson', '--resume'], 3, 'Leave out --resume'],
    ['one file for two things', ['new.ndjson', '--failed', 'new.ndjson'], 2, 'different files'],
  ])('refuses %s', async (_, args, expected, words) => {
    await file('new.ndjson', '{"to":"+15555555555","text":"new"}\n');

    const { exitCode, stdout, stderr } = await journey.relay('bulk', ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toContain(words);
  });
});
