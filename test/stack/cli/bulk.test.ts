import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulk } from '../../../cli/bulk/bulk.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const template = ['--template', 'order_ready', '--language', 'en'];
const escapeByte = '\u001b';

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
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
    const quiet = await journey.relay('bulk', path, ...template, '--dry-run', '--quiet');
    const json = await journey.relay('bulk', path, ...template, '--json');

    expect(words.exitCode).toBe(3);
    expect(words.stderr).toContain('line 3: to: must be a phone number');
    expect(words.stderr).toContain('--skip-invalid');
    expect(quiet.stderr).toContain('line 3: to: must be a phone number');
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
    expect(await journey.project.read('some.failed.csv')).toMatch(
      /^to,body_1,id,error\n16315550012,Eva,bulk-\w{32},"to: must be a phone number [^\n]*\n$/,
    );
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

  it('goes on as the first run was begun, from the ledger alone, and says beforehand what is left', async () => {
    const path = await file('alone.csv', 'to,body_1,town\n+16315550021,Ana,Oslo\n16315550022,Eva,Rome\n');
    await journey.relay('bulk', path, ...template, '--ignore', 'town', '--skip-invalid');

    const dry = await journey.relay('bulk', path, '--resume', '--dry-run', '--json');
    const rest = await journey.relay('bulk', path, '--resume', '--json');

    expect(dry.exitCode).toBe(0);
    expect(resultOf(dry.stdout)).toMatchObject({
      queued: 0,
      queuedBefore: 1,
      left: 0,
      invalid: [{ line: 3 }],
    });
    expect(rest.exitCode).toBe(6);
    expect(resultOf(rest.stdout)).toMatchObject({ queuedBefore: 1, left: 0, invalid: [{ line: 3 }] });
    expect(rest.stderr).toContain('--template order_ready');
  });

  it('leaves a file of failed rows alone that somebody mends meanwhile', async () => {
    const path = await file('mended.csv', 'to,body_1\n+16315550031,Ana\n16315550032,Eva\n');
    await journey.relay('bulk', path, ...template, '--skip-invalid');
    await file('mended.failed.csv', 'to,body_1\n+16315550032,Eva\n');

    const { stdout } = await journey.relay('bulk', path, '--resume', '--json');

    expect(resultOf(stdout).failedFile).toBe(journey.project.path('mended.failed.2.csv'));
    expect(await journey.project.read('mended.failed.csv')).toBe('to,body_1\n+16315550032,Eva\n');
  });

  it('sends a second campaign to the same list, with the command that it names', async () => {
    const recipient = '+16315550041';
    const path = await file('list.csv', `to,body_1\n${recipient},Ana\n`);
    const command = ['bulk', path, ...template, '--campaign'];
    await journey.relay(...command, 'spring');

    const refused = await journey.relay(...command, 'autumn');

    expect(refused.exitCode).toBe(3);
    const [, named = ''] = /.* npx relay (bulk .*--campaign autumn.*)$/m.exec(refused.stderr) ?? [];
    expect(named).toContain(`--ledger ${path}.2.ledger`);
    const second = await journey.relay(...named.split(' '), '--json');
    expect(resultOf(second.stdout)).toMatchObject({ queued: 1 });
    await eventually('both campaigns at Connectly', async () => {
      const { newest } = (await journey.seen()).accepted;
      return newest.filter((each) => each.recipient === recipient).length === 2;
    });
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
      { stdin: 'to,text\n+19995551234,hello!\n' },
      ...asTyped`bulk - --dry-run --json --stage nowhere`,
    );

    expect(exitCode).toBe(0);
    expect(resultOf(stdout)).toMatchObject({ rows: 1, queued: 0, left: 1, warnings: [{ line: 2 }] });
  });

  it.each<[string, string[], number, string]>([
    ['a file that is not there', ['nowhere.csv'], 2, 'nowhere.csv'],
    ['a rate that is none', ['package.json', '--rate', '0'], 2, '--rate'],
    ['a rate that no timer can hold', ['new.ndjson', '--rate', '0.000001'], 2, 'at least 0.01'],
    ['an expiry that has passed', ['new.ndjson', '--expires-in', '0s'], 2, '--expires-in names a time'],
    ['another one', ['new.ndjson', '--expires-at', '2020-01-01T00:00:00Z'], 2, '--expires-at names a time'],
    ['a ledger that is a folder', ['new.ndjson', '--ledger', '.'], 2, '--ledger FILE'],
    ['failed rows in no folder', ['new.ndjson', '--failed', 'no/x'], 2, 'ENOENT'],
    ['a format that is none', ['package.json', '--format', 'xlsx'], 2, '--format'],
    ['nothing to go on with', ['new.ndjson', '--resume'], 3, 'Leave out --resume'],
    ['one file for two things', ['new.ndjson', '--failed', 'new.ndjson'], 2, 'different files'],
  ])('refuses %s', async (_, args, expected, words) => {
    const path = await file('new.ndjson', '{"to":"+15555555555","text":"new"}\n');
    const typed = args.map((word) => (word === 'new.ndjson' ? path : word));

    const { exitCode, stdout, stderr } = await journey.relay('bulk', ...typed);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toContain(words);
  });
});
